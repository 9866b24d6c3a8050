"""What leaves the audit: a workbook, a calendar, a list, a report; and no person in any unasked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from crm_metrics.audit import audit, check_of, ground_of, records_of
from crm_metrics.audit.plan import Plan, dated, planned, write_plan
from crm_metrics.audit.remeasure import next_audit
from crm_metrics.audit.snapshot import snapshot, snapshot_file
from crm_metrics.findings import build_report
from crm_metrics.findings.audit_calendar import plan_calendar
from crm_metrics.findings.audit_list import listed_rows, records_zip, typed
from crm_metrics.findings.audit_plan_book import plan_book
from crm_metrics.findings.workbook import workbook
from crm_metrics.store import Workspace
from crm_metrics.texts import t
from tests.audit.made_crm import MARCH, write_crm

HOSTILE = "=HYPERLINK(A1)"


@pytest.fixture(scope="module")
def space(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crm")
    space = Workspace(folder / "home")
    for path in write_crm(folder / "files", MARCH, missing=48):
        space.add(path, path.name)
    return space


@pytest.fixture(scope="module")
def engine(space):
    with space.engine() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine):
    return audit(engine)


@pytest.fixture(scope="module")
def report(space, engine, found):
    """A report after a plan was begun."""
    write_plan(space.folder, dated(planned(Plan(), found.findings, MARCH), MARCH))
    return build_report(space, engine=engine, lang="en", audited=lambda: found)


def cells(data: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(BytesIO(data))
    return {page.title: [list(row) for row in page.values] for page in book}


def test_the_workbook_holds_the_plan_and_defuses_what_was_typed(engine, found):
    plan = planned(Plan(), found.findings, found.today)
    first = replace(plan.actions[0], owner=HOSTILE, due=date(2026, 4, 14), target=0.05)
    plan = Plan((first, *plan.actions[1:]))
    data = plan_book(engine, found, plan, "en", files={})
    assert data == plan_book(engine, found, plan, "en", files={})
    told = cells(data)
    rows = told[t("report.tab.plan", "en")]
    assert rows[3][:4] == ["Finding", "Severity, 1–3", "Owner", "Due"]
    assert rows[4][2] == f"'{HOSTILE}"
    assert rows[4][3].date() == date(2026, 4, 14)
    assert (rows[4][6], rows[4][7]) == (0.25, 0.05)
    overdue = told[t("audit.check.deal_overdue.name", "en")]
    assert len(overdue) == 4 + 10
    assert t("report.tab.audit_not_run", "en") in told


def test_the_calendar_has_a_day_for_each_open_action_and_the_next_audit(found):
    plan = dated(planned(Plan(), found.findings, found.today), found.today)
    done = Plan((replace(plan.actions[0], status="done"), *plan.actions[1:]))
    data = plan_calendar(found, done, "ru")
    events = {str(one["UID"]): one for one in Calendar.from_ical(data).walk("VEVENT")}
    own = {f"{one.finding}@crm-metrics" for one in done.actions[1:]}
    again = next_audit(found.today)
    assert set(events) == own | {f"audit-{again:%Y%m%d}@crm-metrics"}
    assert events[f"audit-{again:%Y%m%d}@crm-metrics"].decoded("DTSTART") == again


def test_a_report_of_a_crm_has_an_audit_and_a_plan(report):
    assert report.audit is not None
    assert report.audit.gates == ("no_goal", "no_voice", "no_plan")
    assert any("audit is incomplete: no goal is stated" in one for one in report.caveats)
    told = cells(workbook(report))
    (phone,) = (row for row in told["Audit"] if row[0] == t("audit.check.phone_missing.name", "en"))
    assert phone[1:5] == [1, 48, 80, 0.6]
    due = [row[3].date() for row in told["Plan"][4:]]
    assert due == [one.due for one in report.plan.actions]


def test_the_snapshot_is_numbers_and_keys(engine, found):
    told = json.loads(snapshot_file(snapshot(engine, found)))
    assert told["today"] == MARCH.isoformat()
    (phone,) = (one for one in told["found"] if one["check"] == "phone_missing")
    assert (phone["count"], phone["base"], phone["grain"]) == (48, 80, "contacts")
    assert "examples" not in phone
    assert "scope" not in phone


def test_a_list_has_numbers_moments_and_words(engine, found):
    (overdue,) = (one for one in found.findings if one.check == "deal_overdue")
    check, ground = check_of("deal_overdue", "deals"), ground_of(engine, found.settings)
    records = records_of(ground, check, overdue.scope, first=1)
    ((row,),) = listed_rows(records, {}, "ru")
    cells = dict(zip(records.columns, row, strict=True))
    assert (cells["__line"], cells["amount"], cells["at_stake"]) == (2, 1000, 1000)
    assert cells["expected_close_at"] == datetime(2026, 3, 26)
    zipped = records_zip(iter((b"a\r\n", b"b\r\n")), "list.csv")
    with ZipFile(BytesIO(zipped)) as package:
        assert package.read("list.csv") == b"a\r\nb\r\n"
    assert typed("status", "open", "ru") == t("columns.status.open", "ru")
