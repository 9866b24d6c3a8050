"""What an audit hands over: counts with their base, order, money, masked examples, the list."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from scipy.stats import binomtest

from crm_metrics.audit import (
    Check,
    Settings,
    Violations,
    audit,
    catalogue,
    check_of,
    finding_id,
    ground_of,
    records_of,
)
from crm_metrics.audit.ageing import Aged, aged
from crm_metrics.audit.as_of import as_of
from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.findings.audit_words import aged_texts
from tests.audit.made import TODAY, audited, engine, found, lines

CONTACTS = pd.DataFrame(
    {
        "contact_id": ["1", "2", "3", "4"],
        "full_name": ["Anna Ivanova", "Ivan Petrov", None, "Olga Orlova"],
        "phone": ["+79161234567", None, " - ", "+79031112233"],
        "email": [None, "anna@example.com", "b@example.com", "c@example.com"],
        "created_at": ["2026-01-10", "2026-02-10", "2026-06-10", "2026-06-11"],
    }
)
DEALS = pd.DataFrame(
    {
        "deal_id": ["a", "b", "c", "d", "e"],
        "status": ["open", "open", "open", "lost", "won"],
        "lost_reason": [None, None, None, None, None],
        "expected_close_at": ["2026-06-01", "2026-06-29", "2026-07-15", "2026-05-01", None],
        "amount": [100.0, 900.0, 50.0, 70.0, 10.0],
        "currency": ["RUB", "RUB", "RUB", "RUB", "USD"],
        "created_at": ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"],
    }
)


def test_a_finding_has_its_base_interval_money_and_masked_examples():
    told = audited("phone_missing email_missing deal_overdue", contacts=CONTACTS, deals=DEALS)
    assert found(told) == {
        "deal_overdue deals": (2, 3),
        "phone_missing contacts": (2, 4),
        "email_missing contacts": (1, 4),
    }
    # All are of the same severity: money at stake first, then the count.
    assert [one.check for one in told.findings] == [
        *("deal_overdue", "phone_missing", "email_missing")
    ]
    overdue, phones, _ = told.findings
    assert overdue.money == (("RUB", 1000.0),)
    assert lines(told, "deal_overdue") == [3, 2]
    assert overdue.id == finding_id("deal_overdue", "deals") == "b21e4bf1b26e"
    ends = binomtest(2, 4).proportion_ci(method="wilson")
    assert (phones.low, phones.high) == pytest.approx((ends.low, ends.high))
    assert phones.examples[0]["full_name"] == "I*** P***"
    assert phones.examples[0]["email"] == "a***@example.com"
    assert told.rows == {"contacts": 4, "deals": 5}


def test_the_list_has_whole_rows_where_the_examples_hide_people():
    made = ground_of(engine(contacts=CONTACTS), Settings())
    records = records_of(made, check_of("phone_missing", "contacts"), "contacts")
    (batch,) = records.batches
    rows = batch.to_pylist()
    assert [(row["__line"], row["email"]) for row in rows] == [
        ("3", "anna@example.com"),
        ("4", "b@example.com"),
    ]
    assert {records.fields[name] for name in ("email", "full_name")} == {"email", "full_name"}


def test_what_can_not_be_asked_is_told_and_is_no_nought():
    deals = DEALS.drop(columns="expected_close_at").assign(status="open", lost_reason="dear")
    told = audited("deal_overdue lost_reason_missing phone_missing", deals=deals)
    assert not told.findings
    assert not told.passed
    assert {(one.check, one.reason, one.needs) for one in told.not_run} == {
        ("deal_overdue", "lacks", ("expected_close_at",)),
        ("lost_reason_missing", "nothing", ()),
        ("phone_missing", "lacks", ("contacts",)),
    }


def test_rows_of_a_file_without_the_column_are_in_no_base():
    other = CONTACTS.assign(phone=None, __dataset="other")
    both = pd.concat([CONTACTS.assign(__dataset="file"), other], ignore_index=True)
    assert found(audited("phone_missing", contacts=both)) == {"phone_missing contacts": (2, 4)}


def test_settings_change_severity_switch_off_and_count_the_inflow():
    settings = Settings(
        today=TODAY,
        severities={"email_missing": 0, "phone_missing": 3},
        since=date(2026, 6, 1),
    )
    told = audited("phone_missing email_missing", settings, contacts=CONTACTS)
    (phones,) = told.findings
    assert phones.severity == 3
    assert phones.inflow is not None
    assert (phones.inflow.count, phones.inflow.base) == (1, 2)
    assert [(one.check, one.reason) for one in told.not_run] == [("email_missing", "off")]


def test_today_is_the_data_s_last_day_and_plans_do_not_move_it():
    told = audit(engine(deals=DEALS), checks=[])
    assert told.today == date(2026, 3, 5)


def test_an_export_that_ends_before_another_is_said_with_its_findings_of_time():
    tasks = pd.DataFrame({"activity_type": ["task"], "ts": ["2026-06-20"], "owner": ["Ann"]})
    both = engine(deals=DEALS, activities=tasks)
    keys = {"deal_overdue", "amount_negative"}
    told = audit(both, checks=[one for one in catalogue() if one.key in keys])
    assert (told.today, told.ends["deals"]) == (date(2026, 6, 20), date(2026, 3, 5))
    assert aged(told) == (Aged("deals", date(2026, 3, 5), 1),)
    assert "Mar 5, 2026" in aged_texts(told, "en")[0]
    # A week is what exports of one sitting may differ by.
    near = audit(both, Settings(today=date(2026, 3, 12)), checks=catalogue())
    assert not aged(near)


@pytest.mark.parametrize(
    ("grain", "column"), [("support_stats", "date"), ("attendance", "joined_at")]
)
def test_today_is_also_told_by_support_and_events(grain, column):
    days = {column: pd.to_datetime(["2026-05-01", "2026-05-02"])}
    frame = pd.DataFrame({"date": pd.to_datetime(["2026-05-01"] * 2), **days})
    assert as_of(engine(**{grain: frame})) == date(2026, 5, 2)


def test_unknown_settings_are_refused():
    with pytest.raises(NotFoundError, match="no_such_threshold"):
        audit(engine(deals=DEALS), Settings(thresholds={"stale": 1}))
    with pytest.raises(NotFoundError, match="no_such_check"):
        audit(engine(deals=DEALS), Settings(severities={"phone_absent": 1}))


def test_a_rule_may_find_things_that_are_no_rows():
    def owners(ground):
        rows = ground.table("deals").group_by("status").aggregate(n=lambda table: table.count())
        return Violations(rows=rows.filter(rows.n > 1), base=3, scope="status")

    check = Check(key="many", grain="deals", needs=("status",), severity=3, effort="S", rule=owners)
    (one,) = audit(engine(deals=DEALS), checks=[check]).findings
    assert (one.scope, one.part, one.count, one.base) == ("deals:status", "status", 1, 3)
    assert one.examples == ({"status": "open", "n": "3"},)


def test_a_line_with_several_answers_counts_each_once():
    answers = pd.DataFrame(
        {
            "__line": [2, 2, 2, 3],
            "score": [1.0, 2.0, 9.0, 1.0],
            "responded_at": ["2026-06-10"] * 3 + ["2026-05-01"],
        }
    )

    def low(ground):
        rows = ground.table("surveys")
        bad = rows.filter(rows.score < 5).select("__dataset", "__line")
        return Violations(rows=bad, base=rows.select("date"))

    check = Check(key="low", grain="surveys", needs=("score",), severity=3, effort="S", rule=low)
    settings = Settings(today=TODAY, since=date(2026, 6, 1))
    (one,) = audit(engine(surveys=answers), settings, checks=[check]).findings
    assert (one.count, one.base) == (3, 4)
    assert one.inflow is not None
    assert (one.inflow.count, one.inflow.base) == (2, 3)
    assert len(one.examples) == 3


def test_what_passed_in_several_scopes_is_told_by_the_largest():
    def of_fields(ground):
        rows = ground.table("deals").limit(0).select("__dataset", "__line")
        return (Violations(rows=rows, base=base, scope=str(base)) for base in (3, 5, 1))

    check = Check(key="well", grain="deals", needs=(), severity=3, effort="S", rule=of_fields)
    assert audit(engine(deals=DEALS), checks=[check]).clean == {("well", "deals"): 5}


@pytest.mark.parametrize("word", ["н/д", "(пусто)", "(blank)", "---", "#N/A", "Не указано", "0"])
def test_words_for_nothing_are_no_value(word):
    told = audited("phone_missing", contacts=CONTACTS.assign(phone=["+79161234567", *[word] * 3]))
    assert found(told) == {"phone_missing contacts": (3, 4)}


def test_a_check_has_a_condition_or_a_rule():
    with pytest.raises(ValueError, match="either a condition or a rule"):
        Check(key="none", grain="deals", needs=(), severity=3, effort="S")
    threshold = next(one for check in catalogue() for one in check.thresholds)
    beyond = Settings(thresholds={threshold.key: threshold.high + 1})
    with pytest.raises(InputError, match="threshold_range"):
        audit(engine(deals=DEALS), beyond)


def test_an_audit_tells_each_rule_before_it_is_asked():
    wanted = [one for one in catalogue() if one.key in ("name_junk", "phone_invalid")]
    heard = []
    audit(
        engine(contacts=CONTACTS),
        Settings(today=TODAY),
        checks=wanted,
        told=lambda check, done, whole: heard.append((check.key, done, whole)),
    )
    rules = [one.key for one in wanted if one.rule and one.grain == "contacts"]
    assert len(rules) == 2
    assert heard == [(key, place, 2) for place, key in enumerate(rules)]
