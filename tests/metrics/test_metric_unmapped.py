"""Expressions without unmapped fields give what the backend makes of the whole ones."""

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from crm_metrics.metrics import compute, metrics_of
from crm_metrics.metrics.catalogue.recipients import METRICS
from crm_metrics.metrics.compute import lacking
from crm_metrics.metrics.ground import ground
from crm_metrics.metrics.model import Limits
from crm_metrics.metrics.rows import Asked, selected
from crm_metrics.metrics.unmapped import unmapped_fields, without_unmapped
from tests.metrics.made_facts import facts
from tests.metrics.stand_in import FrameEngine


def _lacks(value: ibis.Value) -> ibis.Value:
    return value.isnull()  # noqa: PD003 - no frame


def _pieces(t: ibis.Table) -> list[ibis.Value]:
    yes, no = ibis.literal(value=True), ibis.literal(value=False)
    word = t.word.strip().lower()
    return [
        ibis.coalesce(t.none, t.some),
        ibis.coalesce(t.none, t.none),
        ibis.coalesce(t.none, t.some.cast("int64")),
        _lacks(t.none) & ~_lacks(t.some),
        ~_lacks(t.none) | (t.some > 1),
        ibis.ifelse(_lacks(t.none), t.some, 0.0),
        ibis.ifelse(t.none > 1, t.some, 7),
        ibis.cases((word.isin(["a", "b"]), True), (t.some > 1, False)),
        ibis.cases((t.none > 3, 1.0), (t.none <= 3, 2.0)),
        ~(t.none > 1) & yes,
        (t.none > 1).fill_null(no) | (t.some > 1),
        (t.none - t.some).cast("int64"),
        t.some.isin([1.0, 2.0]),
        (t.none * t.some).round().cast("float64"),
        _lacks(t.none.max().over(ibis.window(group_by=t.some))),
        t.none.lag().over(ibis.window(order_by=t.some)).fill_null(3),
        _lacks(t.some) != yes,
        no != (t.some > 1),
        ~_lacks((t.some > 1).cast("int64").cast("float64")),
        _lacks((t.some > 1).fill_null(no).cast("int64")) & (t.some > 1),
        ibis.coalesce(ibis.coalesce(t.some > 1, no), yes),
        ibis.ifelse(~_lacks(ibis.literal(1.0)), t.some, 0.0),
        _lacks(t.word.cast("int64")),
    ]


def test_simpler_expressions_mean_the_same() -> None:
    rows = pd.DataFrame({"some": [0.0, 1.0, 2.0, None]})
    table = ibis.memtable(pa.Table.from_pandas(rows)).mutate(
        none=ibis.null("float64"), word=ibis.null("string")
    )
    pieces = _pieces(table)
    simpler = [without_unmapped(piece, table, {"none", "word"}) for piece in pieces]
    assert [one.type() for one in simpler] == [piece.type() for piece in pieces]
    made = table.select(
        **{f"whole{i}": piece for i, piece in enumerate(pieces)},
        **{f"simpler{i}": one for i, one in enumerate(simpler)},
    ).to_pyarrow()
    for place in range(len(pieces)):
        assert made[f"simpler{place}"].to_pylist() == made[f"whole{place}"].to_pylist(), place
    assert sum(one.op() != piece.op() for one, piece in zip(simpler, pieces, strict=True)) >= 17


def test_what_no_file_has_is_not_asked_for() -> None:
    engine = FrameEngine(recipients=facts()["recipients"])
    table, _ = ground(engine, "recipients")
    yes = ibis.literal(value=True)
    ready = [metric for metric in METRICS if not lacking(metric, engine.mapped("recipients"))]
    rows, _ = selected(Asked(table, yes, (), engine.mapped("recipients"), Limits()), ready)
    assert "clicked" in str(rows.compile())
    assert "in ('delivered', 'opened'" not in str(rows.compile()).lower()


@pytest.mark.parametrize("grain", ["surveys", "calls"])
def test_every_metric_is_the_same(grain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FrameEngine(**{grain: facts()[grain]})
    assert unmapped_fields(grain, engine.mapped(grain))
    simpler = compute(engine, by=("channel",))
    monkeypatch.setattr("crm_metrics.metrics.rows.without_unmapped", lambda value, *_: value)
    assert compute(engine, by=("channel",)) == simpler
    assert {one.metric for one in simpler.values} | {one.metric for one in simpler.missing} == {
        metric.key for metric in metrics_of(grain)
    }
