"""Two audits compared: nothing is called fixed that was not looked for again in the same way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from crm_metrics.audit.model import Inflow, finding_id
from crm_metrics.audit.remeasure import next_audit, remeasure
from crm_metrics.audit.snapshot import (
    Ran,
    Rule,
    Snapshot,
    read_snapshots,
    remove_snapshot,
    snapshot_file,
    snapshot_in,
    write_snapshot,
)
from crm_metrics.errors import InputError
from tests.audit.made_findings import TODAY, measured

LATER = date(2026, 9, 29)


def ran(check: str, scope: str = "contacts", base: int = 90) -> Ran:
    return Ran(finding_id(check, scope), check, scope.partition(":")[0], base)


def outcomes(now: Snapshot, before: Snapshot) -> dict[str, str]:
    return {one.check: one.outcome for one in remeasure(now, before).moved}


def test_each_finding_has_the_outcome_that_the_data_carry():
    fields = (("contacts", ("city", "phone")),)
    rules = (Rule("moved_rule", (("days", 30.0),)), Rule("looser_rule", (("days", 30.0),)))
    before = Snapshot(
        TODAY,
        found=tuple(
            measured(check, scope)
            for check, scope in (
                ("stays", "contacts"),
                ("mended", "contacts"),
                ("unasked", "deals"),
                ("no_rows", "contacts"),
                ("moved_rule", "contacts"),
                ("field_gone", "contacts:source"),
                ("field_full", "contacts:city"),
            )
        ),
        passed=(ran("comes_up"), ran("looser_rule")),
        rules=rules,
        fields=(("contacts", ("city", "phone", "source")),),
    )
    now = Snapshot(
        LATER,
        found=tuple(
            measured(check, scope)
            for check, scope in (
                ("stays", "contacts"),
                ("comes_up", "contacts"),
                ("first_asked", "contacts"),
                ("looser_rule", "contacts"),
                ("field_gone", "contacts:phone"),
            )
        ),
        passed=(
            *(ran(check) for check in ("mended", "moved_rule")),
            ran("no_rows", base=0),
            ran("field_full", "contacts:city"),
        ),
        rules=(Rule("moved_rule", (("days", 60.0),)), Rule("looser_rule", (("days", 10.0),))),
        fields=fields,
    )
    found = remeasure(now, before)
    assert {(one.check, one.outcome) for one in found.moved} == {
        ("stays", "persisting"),
        ("comes_up", "new"),
        ("first_asked", "newly_checked"),
        ("looser_rule", "rule_changed"),
        ("mended", "fixed"),
        ("unasked", "not_checked"),
        ("no_rows", "not_checked"),
        ("moved_rule", "rule_changed"),
        ("field_gone", "not_checked"),  # contacts:source: the column is not in the upload
        ("field_gone", "new"),  # contacts:phone
        ("field_full", "fixed"),
    }
    (moved,) = (one for one in found.moved if one.check == "moved_rule")
    assert moved.rules == (("days", 30.0, 60.0),)


def test_inflow_and_backlog_are_told_apart_by_a_published_interval():
    """56/70 against 48/80: 0.0524 to 0.3339, Newcombe (1998), table II, method 10, row a."""
    since = TODAY + timedelta(days=1)
    one = replace(measured("phone_missing", count=86, base=150), inflow=Inflow(since, 56, 70))
    before = Snapshot(TODAY, found=(measured("phone_missing", count=48, base=80),))
    (moved,) = remeasure(Snapshot(LATER, found=(one,)), before).moved
    assert (moved.low, moved.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert moved.difference == pytest.approx(0.2)
    assert moved.clear
    assert moved.backlog is not None
    assert (moved.backlog.count, moved.backlog.base) == (30, 80)
    assert moved.inflow is not None
    assert moved.inflow.share == 0.8


def test_an_inflow_that_reaches_back_before_the_last_audit_is_none():
    one = replace(measured("phone_missing"), inflow=Inflow(TODAY, 1, 10))
    before = Snapshot(TODAY, found=(measured("phone_missing"),))
    (moved,) = remeasure(Snapshot(LATER, found=(one,)), before).moved
    assert moved.inflow is None
    assert not moved.clear


def test_an_audit_against_itself_finds_only_what_persists():
    own = Snapshot(TODAY, found=(measured("a"), measured("b", "deals")), passed=(ran("c"),))
    assert set(outcomes(own, own).values()) == {"persisting"}


def test_snapshots_survive_the_disk_the_latest_first(tmp_path):
    first = Snapshot(TODAY, found=(replace(measured("a"), money=((None, 5.0), ("RUB", 1.5))),))
    second = Snapshot(LATER, rows=(("contacts", 3),))
    for one in (first, second, first):
        write_snapshot(tmp_path, one)
    assert read_snapshots(tmp_path) == (second, first)
    assert snapshot_in(snapshot_file(first), file="a.json") == first
    remove_snapshot(tmp_path, LATER)
    assert read_snapshots(tmp_path) == (first,)
    (tmp_path / "audits" / "2026-12-01.json").write_text("[]", encoding="utf-8")
    assert read_snapshots(tmp_path) == (first,)
    with pytest.raises(InputError):
        snapshot_in(json.dumps({"format": 1, "kind": "plan"}).encode(), file="a.json")


def test_the_next_audit_is_half_a_year_on_and_on_the_same_weekday():
    assert (next_audit(TODAY) - TODAY).days == 182
    assert next_audit(TODAY).weekday() == TODAY.weekday()
