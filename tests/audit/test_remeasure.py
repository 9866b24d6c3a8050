"""Two audits compared: nothing is called fixed that was not looked for again in the same way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest

from crm_metrics.audit import Audit, Settings, audit, check_of
from crm_metrics.audit.model import Inflow, finding_id
from crm_metrics.audit.remeasure import next_audit, remeasure
from crm_metrics.audit.snapshot import (
    Listed,
    Ran,
    Rule,
    Snapshot,
    read_snapshots,
    remove_snapshot,
    snapshot,
    snapshot_file,
    snapshot_in,
    write_snapshot,
)
from crm_metrics.errors import InputError
from crm_metrics.findings.audit_changes import moved_line
from tests.audit.made import engine
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


def audited_by(**lists: tuple[str, ...]) -> tuple[Audit, Snapshot]:
    """An audit of deals by these lists, of which nine are web, one webb and one of another city."""
    deals = pd.DataFrame({"source": [*["web"] * 9, "webb"], "city": [*["Omsk"] * 9, "Tver"]})
    ground, checks = engine(deals=deals), [check_of("value_not_in_list", "deals")]
    told = audit(ground, Settings(today=TODAY, lists=lists), checks=checks)
    return told, snapshot(ground, told, checks=checks)


def test_a_longer_list_mends_nothing():
    city = ("Omsk", "Tver")
    _, before = audited_by(source=("web", "shop"), city=("Omsk",))
    told, now = audited_by(source=("web", "shop", "webb"), city=("Omsk",))
    found = remeasure(now, before)
    assert [(one.outcome, one.before.field) for one in found.moved if one.before] == [
        ("persisting", "city"),
        ("rule_changed", "source"),
    ]
    assert "“Source” was changed: it had 2 values and has 3" in moved_line(
        found.of("rule_changed")[0], told, "en"
    )
    # Told in another order and case it is the same list, and a mended cell is mended.
    _, same = audited_by(source=("WEB ", "shop"), city=("omsk",))
    assert {one.outcome for one in remeasure(same, before).moved} == {"persisting"}
    assert "web" not in snapshot_file(now).decode()
    # A list that is not given was not asked: neither mended by it nor new by it.
    _, shorter = audited_by(city=city)
    assert {one.outcome for one in remeasure(shorter, before).moved} == {
        "rule_changed",
        "not_checked",
    }
    assert {one.outcome for one in remeasure(before, shorter).moved} == {
        "rule_changed",
        "newly_checked",
    }
    _, none = audited_by()
    assert {one.outcome for one in remeasure(none, before).moved} == {"not_checked"}


def test_a_snapshot_without_limits_has_no_other_limit():
    found = (measured("sla_broken", "conversations"),)
    before = Snapshot(TODAY, found=found, rules=(Rule("sla_broken", (("sla_share", 0.1),)),))
    rules = (("sla_share", 0.1), ("first_reply", 2.0))
    now = Snapshot(LATER, found=found, rules=(Rule("sla_broken", rules),))
    assert outcomes(now, before) == {"sla_broken": "persisting"}
    stricter = replace(now, rules=(Rule("sla_broken", (*rules[:1], ("first_reply", 1.0))),))
    assert outcomes(stricter, now) == {"sla_broken": "rule_changed"}


def test_snapshots_survive_the_disk_the_latest_first(tmp_path):
    first = Snapshot(
        TODAY,
        found=(replace(measured("a"), money=((None, 5.0), ("RUB", 1.5))),),
        rules=(Rule("a", lists=(Listed("city", 3, "f0"),)),),
    )
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
