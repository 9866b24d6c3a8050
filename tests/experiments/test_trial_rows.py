"""A whole test read from rows: several metrics, segments, times, caps; against pandas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import (
    Margin,
    Other,
    Question,
    analyse,
    question_named,
    trial_from_table,
)
from crm_metrics.intake.table import LINE, Account, HowRead, Table

FIELDS = {0: "customer_id", 1: "variant", 2: "sent_at", 3: "opened", 4: "clicked", 5: "revenue"}


def table_of(frame: pd.DataFrame, folder: Path) -> Table:
    cells = {f"c{i}": pa.array(frame[name].astype(str)) for i, name in enumerate(frame)}
    cells[LINE] = pa.array(range(2, len(frame) + 2), pa.int64())
    path = folder / "t.parquet"
    pq.write_table(pa.table(cells), path)
    account = Account(len(frame) + 1, len(frame), {"header": 1})
    headers = tuple(frame.columns)
    return Table("t", path, headers, "table", HowRead("csv"), account, "t.csv", "0" * 64)


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(12)
    n = 4000
    opened = random.random(n) < 0.4
    clicked = opened & (random.random(n) < 0.3)
    before = np.round(random.exponential(20, n), 2)
    paid = np.where(clicked, np.round(0.5 * before + random.exponential(30, n), 2), 0.0)
    sent = pd.Timestamp("2026-03-02 10:00") + pd.to_timedelta(random.integers(0, 3600, n), "s")
    replied = sent + pd.to_timedelta(random.exponential(20, n), "h").round("s")
    late = replied > pd.Timestamp("2026-03-05 10:00")
    return pd.DataFrame(
        {
            "who": np.arange(n),
            "v": np.where(random.random(n) < 0.5, "A", "B"),
            "sent": sent.strftime("%Y-%m-%d %H:%M:%S"),
            "opened": np.where(opened, "yes", "no"),
            "clicked": np.where(clicked, "yes", "no"),
            "paid": paid,
            "before": before,
            "city": random.choice(["Omsk", "Perm", "it's"], n),
            "replied": np.where(late, "", replied.strftime("%Y-%m-%d %H:%M:%S")),
            "score": random.integers(1, 6, n),
        }
    )


@pytest.fixture(scope="module")
def read(frame, tmp_path_factory) -> Callable:
    table = table_of(frame, tmp_path_factory.mktemp("t"))

    def ask(question, **asked):
        return trial_from_table(table, question, variant="v", fields=FIELDS, **asked)

    return ask


def test_one_pass_gives_the_sums_of_every_metric(frame, read):
    others = [
        Other(question_named("opened=no"), "guardrail", Margin(0.01)),
        Other(question_named("mean:paid")),
        Other(question_named("ratio:paid/before")),
    ]
    trial = read(Question(success="clicked"), others=others, unit="who")
    for place, name in enumerate("AB"):
        part = frame[frame.v == name]
        assert (trial.arms[place].n, trial.arms[place].successes) == (
            len(part),
            (part.clicked == "yes").sum(),
        )
        no, paid, ratio = (item.arms[place] for item in trial.others)
        assert no.successes == (part.opened == "no").sum()
        assert (paid.total, paid.squares) == pytest.approx((part.paid.sum(), (part.paid**2).sum()))
        assert ratio.products == pytest.approx((part.paid * part.before).sum())
    guardrail = trial.others[0].metric
    assert (guardrail.role, guardrail.margin, guardrail.field) == (
        "guardrail",
        Margin(0.01),
        "opened",
    )
    opens = [
        ((frame[field] == "yes") & (frame.v == name)).sum()
        for name in "AB"
        for field in ("opened", "clicked")
    ]
    assert [count for pair in trial.beside.funnel for count in pair] == opens
    assert trial.beside.spans[0].middle == datetime.fromisoformat(
        frame[frame.v == "A"].sent.sort_values().iloc[((frame.v == "A").sum() - 1) // 2]
    )
    assert analyse(*trial).code in ("NO_CLEAR", "PROMISING")


def test_what_stands_beside_amounts(frame, read):
    trial = read(Question(value="paid", before="before"), segments=["city"], cap=True)
    assert trial.arms[0].products == pytest.approx(
        (frame.paid * frame.before)[frame.v == "A"].sum()
    )
    cap = frame.paid.quantile(0.99)
    assert trial.beside.cap == pytest.approx(cap)
    capped = frame.paid.clip(upper=cap)[frame.v == "B"]
    assert trial.beside.capped[1].squares == pytest.approx((capped**2).sum())
    assert [segment.value for segment in trial.beside.segments] == list(
        frame.city.value_counts().sort_index().sort_values(ascending=False, kind="stable").index
    )
    for segment in trial.beside.segments:
        part = frame[(frame.city == segment.value) & (frame.v == "B")].paid
        assert (segment.arms[1].n, segment.arms[1].total) == pytest.approx((len(part), part.sum()))
    finding = analyse(*trial)
    assert [line.kind for line in finding.lines] == ["before", "capped"]
    assert finding.comparisons[0].method == "welch_cuped"
    assert 0 < finding.lines[0].params["removed"] < 1
    assert finding.segments[0].column == "city"


def test_answers_within_hours_leave_out_who_was_not_seen_so_long(frame, read):
    trial = read(Question(answered="replied", within=24, sent="sent"))
    sent, replied = pd.to_datetime(frame.sent), pd.to_datetime(frame.replied)
    end = replied.max()
    seen = replied.notna() | (sent + pd.Timedelta("24h") <= end)
    for place, name in enumerate("AB"):
        part = frame.v == name
        assert trial.arms[place].n == (part & seen).sum()
        assert trial.arms[place].successes == (part & (replied - sent <= pd.Timedelta("24h"))).sum()
        waits = trial.beside.waits[place]
        assert waits.ended.sum() == (part & replied.notna()).sum()
        assert waits.ended.sum() + waits.running.sum() == part.sum()
    assert trial.beside.read_at == end.to_pydatetime()
    finding = analyse(*trial)
    assert finding.lines[0].kind == "log_rank"
    assert finding.curves[0][1][-1][1] > 0.9
    later = read(Question(answered="replied", within=24, sent="sent"), read_at=datetime(2026, 4, 1))
    assert later.setup.unread == 0


def test_scores_are_counted_where_they_are_few_whole_numbers(frame, read):
    trial = read(Question(value="score"))
    counts = frame[frame.v == "A"].score.value_counts().sort_index()
    assert trial.beside.scores[0] == tuple((float(k), v) for k, v in counts.items())
    assert trial.beside.answered == ()
    assert read(Question(value="paid")).beside.scores == ()


def test_several_rows_of_a_person_are_one_before_anything_is_summed(frame, tmp_path):
    doubled = pd.concat([frame, frame.assign(paid=1.0, clicked="no")])
    table = table_of(doubled, tmp_path)
    others = [Other(Question(value="paid"))]
    trial = trial_from_table(
        table, Question(success="clicked"), variant="v", others=others, unit="who"
    )
    part = frame[frame.v == "A"]
    assert trial.arms[0].successes == (part.clicked == "yes").sum()
    assert trial.arms[0].n == trial.others[0].arms[0].n == len(part)
    assert trial.others[0].arms[0].squares == pytest.approx(((part.paid + 1) ** 2).sum())
    assert trial.setup.repeated == len(frame)


def test_totals_of_amounts_take_their_spread_from_a_column(tmp_path):
    rows = pd.DataFrame(
        {"v": ["A", "B"], "n": [1000, 1100], "sum": [5000.5, 5600], "sd": [4, 4.5], "opens": 300}
    )
    table = table_of(rows, tmp_path)
    bare = trial_from_table(table, Question(value="sum", trials="n"), variant="v")
    assert analyse(*bare).next_step == "upload_totals_only"
    question = Question(value="sum", trials="n", deviation="sd")
    arm = trial_from_table(table, question, variant="v").arms[0]
    assert (arm.squares - arm.total**2 / 1000) / 999 == pytest.approx(16)


def test_clicks_of_opens_are_no_share_of_people(tmp_path):
    rows = pd.DataFrame({"v": ["A", "B"], "opens": [300, 310], "clicks": [80, 90]})
    table = table_of(rows, tmp_path)
    for question in (
        Question(success="clicks", trials="opens"),
        question_named("totals:clicks/opens"),
    ):
        with pytest.raises(CrmMetricsError) as caught:
            trial_from_table(table, question, variant="v")
        assert caught.value.code == "share_of_opens"


@pytest.mark.parametrize(
    "asked",
    [
        {"answered": "replied"},
        {"answered": "replied", "within": 24.0},
        {"success": "clicked", "before": "before"},
        {"value": "paid", "deviation": "before"},
    ],
)
def test_half_a_question_is_named(asked):
    with pytest.raises(CrmMetricsError) as caught:
        Question(**asked)
    assert caught.value.code == "abtest_one_metric"


def test_what_came_before_is_not_the_result(read):
    for before in ("paid", "clicked"):
        with pytest.raises(CrmMetricsError) as caught:
            read(Question(value="paid", before=before))
        assert caught.value.code == "before_is_after"
