"""A survey's questions on the Columns page: found, asked, corrected, kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crm_metrics.mapping.model import ColumnMapping, Mapping, Question, Why
from crm_metrics.metrics import compute
from crm_metrics.store import Workspace, default_folder
from crm_metrics.texts import t
from crm_metrics.ui.columns.survey_questions import with_answer
from tests.mapping.test_questions import SURVEYMONKEY
from tests.ui.conftest import DATA
from tests.ui.test_columns_page import columns_page, only_dataset
from tests.ui.test_upload_page import drop


def counts() -> dict[str | None, float | None]:
    with Workspace(default_folder()).engine() as engine:
        values = compute(engine, ["answers"], by=("question",)).values
    return {value.group["question"]: value.value for value in values}


def headers(at) -> list[str]:
    return [header.value for header in at.header]


def test_effort_is_asked_which_end_is_good(open_app, home):
    at = columns_page(drop(open_app(locale="ru-RU"), ("survey.csv", SURVEYMONKEY)))
    assert not at.exception
    dataset = only_dataset()
    assert t("columns.asked", "ru", count=7) in headers(at)
    assert t("columns.doubts", "ru", count=2) in headers(at)
    assert any("CES" in warning.value for warning in at.warning)
    # What goes as it is answered stands under the list, which would else move from under the mouse.
    kinds = [type(one).__name__ for one in at.main]
    assert kinds.index("Dataframe") < kinds.index("Warning")
    effort = t("metric.ces.name", "ru")
    assert not any(effort in text.value for text in at.markdown)
    for column in (8, 9):
        assert at.selectbox(key=f"doubt_survey_type_{dataset.id}_{column}").value == "ces"
        at.selectbox(key=f"doubt_polarity_{dataset.id}_{column}").select("high").run()
        assert not at.exception
    assert not at.warning
    assert any(effort in text.value for text in at.markdown)
    at.button(key="apply").click().run()
    assert not at.exception
    mapping = only_dataset().mapping
    assert {mapping.asked(column).polarity for column in (8, 9)} == {"high"}
    assert counts()["What can we improve?"] == 2
    # The next file with these headers needs no answer again.
    at = drop(open_app(locale="ru-RU"), ("april.csv", SURVEYMONKEY.replace(b"114,", b"117,")))
    later = next(item for item in Workspace(default_folder()).datasets() if item.id != dataset.id)
    assert later.mapping.asked(8) == mapping.asked(8)


def test_75_columns_are_a_list_of_the_questions(open_app, home):
    content = (DATA / "carpentries_nps_survey_2017.csv").read_bytes()
    at = columns_page(drop(open_app(), ("survey.csv", content)))
    assert not at.exception
    dataset = only_dataset()
    assert t("columns.asked", "en", count=11) in headers(at)
    assert at.success[0].value == t("columns.no_doubts", "en")
    listed = next(
        frame.value for frame in at.dataframe if t("columns.asked_text", "en") in frame.value
    )
    names = {part: t(f"columns.asked_{part}", "en") for part in ("text", "scale", "answers")}
    nps = listed[listed[names["text"]] == "Likely-To-Recommend"].iloc[0]
    assert nps[names["scale"]] == "0–10"
    assert nps[names["answers"]] == 402
    at.selectbox(key=f"asked_more_{dataset.id}").select(2).run()
    assert not at.exception
    assert t("columns.asked", "en", count=12) in headers(at)
    at.button(key="apply").click().run()
    assert only_dataset().mapping.columns[2].field == "comment"
    assert counts()["Position-Other"] == only_dataset().table.frame().iloc[:, 2].ne("").sum()


@pytest.mark.parametrize(
    ("said", "field", "question"),
    [
        ({"kind": "csat"}, "score", Question("", "csat", 1, 7, "low")),
        ({"kind": "nps", "scale": (0.0, 10.0)}, "score", Question("", "nps", 0, 10)),
        ({"polarity": "high"}, "score", Question("", "ces", 1, 7, "high")),
        ({"text": " How  easy? "}, "score", Question("How easy?", "ces", 1, 7, "low")),
        ({"kind": "comment"}, "comment", Question()),
        ({"kind": "none"}, None, None),
    ],
)
def test_an_edited_row_changes_its_question_alone(said, field, question):
    columns = tuple(
        ColumnMapping(place, name, "score", "sure", Why("chosen"))
        for place, name in enumerate(("Ease", "Other"))
    )
    asked = replace(columns[0], question=Question("", "ces", 1, 7, "low"))
    mapping = Mapping("made", "surveys", (asked, columns[1]))
    after = with_answer(mapping, 0, **said)
    assert after.columns[0].field == field
    assert after.columns[0].question == question
    assert after.columns[1] == columns[1]
