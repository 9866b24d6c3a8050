"""Rows that stay in a data base: outside a segment, never silently among its numbers."""

from __future__ import annotations

from pathlib import Path

from crm_metrics.metrics import Filters, compute, funnel
from crm_metrics.metrics.segments.membership import size_of
from crm_metrics.metrics.segments.offering import offered
from crm_metrics.metrics.segments.segment import Rule, Segment
from crm_metrics.store import Workspace, of_url
from tests.store.remote.made import warehouse_file

BUYERS = Segment("Buyers", (Rule("orders", "rows", "count", "at_least", ("2",)),))


def test_rows_in_a_data_base_are_outside_and_said(tmp_path: Path):
    space = Workspace(tmp_path / "ws", warehouse=of_url(f"duckdb://{warehouse_file(tmp_path)}"))
    space.take("mails")
    filters = Filters(segment=BUYERS)
    with space.engine() as engine:
        size = size_of(engine, BUYERS)
        assert (size.of, size.elsewhere, offered(engine)) == (0, True, ())
        assert compute(engine, ["messages_sent"], filters=filters).values == ()
    path = tmp_path / "shop.csv"
    path.write_text("Order ID,Date,Customer ID,Amount\n1,2026-03-01,p1,10\n2,2026-03-02,p1,20\n")
    space.add(path, path.name)
    space.take("shop.orders")
    with space.engine() as engine:
        size = size_of(engine, BUYERS)
        assert (size.people, size.of, size.elsewhere) == (1, 1, True)
        found = compute(engine, ["orders", "messages_sent"], filters=filters)
        # p1 has orders in the data base too: they are not the file's.
        assert [(one.metric, one.value) for one in found.values] == [("orders", 2)]
        assert [one.metric for one in found.missing] == ["messages_sent"]
        assert funnel(engine, filters) == []
        assert compute(engine, ["orders"]).values[0].value > 600
