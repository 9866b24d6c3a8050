"""One row an answer: files with a column a question against the same answers unfolded in pandas."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crm_metrics.facts import build
from crm_metrics.mapping.model import Mapping, Question
from crm_metrics.metrics import Filters, Value, compute
from crm_metrics.metrics.ground import ground, mapped_of
from crm_metrics.metrics.lineage import in_files, lineage
from crm_metrics.store import Dataset, Engine
from tests.facts.made import made_mapping, made_table
from tests.metrics.stand_in import FrameEngine

LINES = 60
NPS = "Would you recommend us?"
EASE = "How easy was it?"
ASKED = {
    "Recommend": Question(NPS, "nps", 0, 10),
    "Ease": Question(EASE, "ces", 1, 7, "low"),
    "Rating": Question("", "csat", 1, 5),
}
FIELDS = {
    "ID": "response_id",
    "Took": "duration",
    "City": "city",
    "Why": "comment",
    "More": "comment",
    **dict.fromkeys(ASKED, "score"),
}


def cells() -> pd.DataFrame:
    random = np.random.default_rng(6)
    scores = {
        name: random.integers(1, top, LINES) for name, top in zip(ASKED, (11, 8, 6), strict=True)
    }
    texts = {name: random.choice(["", "too slow", "fine"], LINES) for name in ("Why", "More")}
    frame = pd.DataFrame({
        "ID": [f"r{place}" if place % 3 else "" for place in range(LINES)],
        "Took": random.integers(20, 200, LINES),
        "City": random.choice(["Perm", "Omsk"], LINES),
        **scores, **texts,
    }).astype(str)  # fmt: skip
    for name in ASKED:
        frame[name] = frame[name].mask(random.random(LINES) < 0.3, "")
    frame.loc[5, [*ASKED, "Why", "More"]] = ""
    return frame


def data_set(
    folder: Path, name: str, frame: pd.DataFrame, change=lambda mapping: mapping
) -> Dataset:
    table = made_table(folder / name, {column: list(frame[column]) for column in frame})
    mapping = made_mapping(table, "surveys", {key: FIELDS[key] for key in frame if key in FIELDS})
    mapping = change(mapping)
    return Dataset(name, table, mapping, build(table, mapping), datetime(2026, 1, 1, tzinfo=UTC))


def asked(mapping: Mapping) -> Mapping:
    """The mapping with the questions of its columns."""
    columns = (replace(one, question=ASKED.get(one.name)) for one in mapping.columns)
    return replace(mapping, columns=tuple(columns))


def unfolded(frame: pd.DataFrame) -> pd.DataFrame:
    """The answers as a person would list them: line by line, question by question."""
    rows = []
    for place, line in frame.iterrows():
        for name in (*ASKED, "Why", "More"):
            question, text = ASKED.get(name, Question()), line[name]
            scored = name in ASKED
            rows.append({
                "__line": place + 2,
                "question": question.text or name,
                "survey_type": question.survey_type,
                "scale_min": question.scale_min,
                "scale_max": question.scale_max,
                "polarity": question.polarity,
                "score": float(text) if scored and text else None,
                "comment": text if not scored and text else None,
                "is_answer": bool(text),
                "response_id": f"wide:{line['ID']}" if line["ID"] else f"wide#{place + 2}",
                "duration": float(line["Took"]),
                "city": line["City"],
            })  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return data_set(tmp_path_factory.mktemp("wide"), "wide", cells(), asked)


def ground_of(*sets: Dataset) -> pd.DataFrame:
    with Engine(sets) as engine:
        return ground(engine, "surveys")[0].to_pyarrow().to_pandas()


def one(engine: Engine, key: str, **asked_for) -> Value:
    (value,) = compute(engine, [key], **asked_for).values
    return value


def test_a_column_a_question_gives_a_row_an_answer(wide: Dataset):
    expected = unfolded(cells())
    found = ground_of(wide)[[*expected.columns]]
    order = ["__line", "question"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True)
        .astype(object)
        .where(lambda cell: cell.notna(), None),
        expected.sort_values(order, ignore_index=True)
        .astype(object)
        .where(lambda cell: cell.notna(), None),
        check_dtype=False,
    )
    assert wide.facts is not None
    assert wide.facts.rows == wide.table.account.records == LINES


def test_each_response_counts_once_whatever_was_answered(wide: Dataset):
    rows = ground_of(wide)
    first = rows[rows.first_of_response]
    assert first["__line"].is_unique
    assert len(first) == rows.response_id.nunique() == LINES
    answered = rows[rows.is_answer]["__line"].nunique()
    assert first.is_answer.sum() == answered == LINES - 1
    assert first.duration.sum() == cells().Took.astype(int).sum()


def test_metrics_by_question_are_those_of_the_columns(wide: Dataset):
    frame = cells()
    scores = pd.to_numeric(frame.Recommend).dropna()
    with Engine([wide]) as engine:
        by_question = compute(engine, ["nps", "answers"], by=("question",)).values
        values = {(v.metric, v.group["question"]): v for v in by_question}
        nps = 100 * ((scores >= 9).mean() - (scores <= 6).mean())
        assert values["nps", NPS].value == pytest.approx(nps)
        assert values["nps", NPS].n == len(scores)
        assert values["nps", EASE].value is None
        for name in (*ASKED, "Why", "More"):
            words = ASKED.get(name, Question()).text or name
            assert values["answers", words].value == (frame[name] != "").sum()
        assert one(engine, "nps").value == pytest.approx(nps)
        in_omsk = one(engine, "nps", filters=Filters(equal=(("city", ("Omsk",)),)))
        assert in_omsk.n == len(scores[frame.City == "Omsk"])
        of_ease = one(engine, "answers", filters=Filters(equal=(("question", (EASE,)),)))
        assert of_ease.value == (frame.Ease != "").sum()
        ratings = pd.to_numeric(frame.Rating).dropna()
        assert one(engine, "csat").value == pytest.approx((ratings >= 4).mean())


def test_answers_to_one_question_are_grouped_by_those_to_another(wide: Dataset):
    frame = cells()
    with Engine([wide]) as engine:
        values = compute(engine, ["nps"], by=("rating",)).values
        assert engine.dimension("surveys", "Rating") in ground(engine, "surveys")[0].columns
    found = {value.group["rating"]: value.n for value in values if value.n}
    scores = pd.to_numeric(frame.Recommend)
    expected = scores.groupby(frame.Rating.replace("", None), dropna=False).count()
    assert found == {
        rating if isinstance(rating, str) else None: count for rating, count in expected.items()
    }


def test_source_lines_show_the_cell_of_their_question(wide: Dataset):
    frame = cells()
    with Engine([wide]) as engine:
        found = lineage(engine, one(engine, "nps"), first=LINES)
    lines = in_files(found.lines, [wide])
    # Blank are the cells of that question alone; the answers to others are other rows.
    assert found.left_out["cells_blank"] == (frame.Recommend == "").sum()
    assert found.left_out["other_rows"] == LINES * 4
    assert found.total == len(lines) == (frame.Recommend != "").sum()
    for line in lines:
        assert line.question == NPS
        assert line.cells == {"Recommend": frame.Recommend[line.line - 2]}


def test_files_of_each_shape_stand_together(wide: Dataset, tmp_path: Path):
    single = data_set(
        tmp_path,
        "single",
        pd.DataFrame(
            {"ID": ["r1", "r2", "r3"], "Recommend": ["9", "", "3"], "Why": ["", "", "bad"]}
        ),
        lambda mapping: replace(mapping, constants={"survey_type": "nps", "scale_max": "10"}),
    )
    table = made_table(tmp_path / "long", {
        "ID": ["r1", "r1", "r2"], "Question": [EASE, NPS, NPS], "Score": ["", "10", "8"],
    })  # fmt: skip
    fields = {"ID": "response_id", "Question": "question", "Score": "score"}
    mapping = made_mapping(table, "surveys", fields)
    long = Dataset("long", table, mapping, build(table, mapping), datetime(2026, 1, 1, tzinfo=UTC))
    rows = ground_of(wide, single, long).sort_values(["__dataset", "__line"], ignore_index=True)
    own = rows[rows["__dataset"] == "single"]
    assert list(own.question) == ["Recommend"] * 3
    assert list(own.survey_type) == ["nps"] * 3
    assert list(own.is_answer) == [True, False, True]
    assert list(own.first_of_response) == [True] * 3
    assert own.comment[own.comment.notna()].tolist() == ["bad"]
    listed = rows[rows["__dataset"] == "long"]
    assert list(listed.question) == [EASE, NPS, NPS]
    assert list(listed.first_of_response) == [False, True, True]
    assert rows.response_id.nunique() == rows.first_of_response.sum() == LINES + 3 + 2
    assert len(rows) == LINES * 5 + 3 + 3


def test_scores_of_one_scale_both_ways_up_agree():
    """1 of 5 where 1 is best is as good as 5 of 5 where 5 is."""
    scores = pd.Series([1.0, 1, 2, 3, 5, 5])
    frame = pd.DataFrame(
        {"score": scores, "survey_type": "csat", "scale_min": 1.0, "scale_max": 5.0}
    )
    turned = [frame.assign(score=6 - scores, polarity=word) for word in ("low", "Low ")]
    found = [
        compute(FrameEngine(surveys=data), ["csat"]).values[0].value for data in (frame, *turned)
    ]
    assert found == [pytest.approx(2 / 6)] * 3


def test_rows_that_hold_no_answer_column_are_answers():
    frame = pd.DataFrame({"responded_at": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    engine = FrameEngine(surveys=frame)
    assert compute(engine, ["answers"]).values[0].value == 2
    assert {"response_id", "question"} <= mapped_of(engine, "surveys")
