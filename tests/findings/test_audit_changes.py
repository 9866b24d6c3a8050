from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm_metrics.audit.model import Inflow
from crm_metrics.audit.remeasure import remeasure
from crm_metrics.audit.snapshot import Snapshot
from crm_metrics.findings.audit_changes import inflow_line
from crm_metrics.texts import t
from tests.audit.made_findings import TODAY, audit_of, finding, measured

LATER = date(2026, 10, 5)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("check", "scope", "held"),
    [("phone_missing", "contacts", True), ("deal_older_than_won", "deals", False)],
)
def test_new_and_old_records_are_held_together_where_time_alone_does_not_part_them(
    lang: str, check: str, scope: str, *, held: bool
):
    came = Inflow(TODAY + timedelta(days=1), 56, 70)
    now = replace(measured(check, scope, count=86, base=150), inflow=came)
    (moved,) = remeasure(
        Snapshot(LATER, found=(now,)), Snapshot(TODAY, found=(measured(check, scope),))
    ).moved
    line = inflow_line(moved, audit_of(finding(check, scope, count=86, base=150)), lang)
    assert "56" in line
    assert "30" in line
    # The verdict gives how far apart they are; without one there is no such figure.
    verdict = t("audit.inflow_more", lang).rpartition("{backlog}")[2].partition("{change}")[0]
    assert (verdict in line) is held
    assert ("20" in line.replace("2026", "")) is held
