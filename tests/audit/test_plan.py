"""The plan: what a person wrote stays through later audits, files and damage."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from crm_metrics.audit.gates import GATES, gates
from crm_metrics.audit.plan import (
    Action,
    Plan,
    dated,
    plan_file,
    plan_in,
    planned,
    progress,
    read_plan,
    with_action,
    write_plan,
)
from crm_metrics.audit.questionnaire import (
    QUESTIONS,
    Answer,
    Questionnaire,
    answered,
    read_questionnaire,
    unanswered,
    write_questionnaire,
)
from crm_metrics.errors import InputError
from crm_metrics.store import Workspace
from tests.audit.made_findings import TODAY, audit_of, finding

LATER = date(2026, 9, 29)


def edited() -> Plan:
    plan = planned(Plan(), [finding(), finding("email_invalid")], TODAY)
    first = replace(plan.actions[0], owner="Анна", due=date(2026, 4, 14), status="doing", note="1")
    return with_action(plan, first)


def test_a_later_audit_keeps_what_a_person_wrote_and_adds_its_own():
    plan = edited()
    later = planned(plan, [finding("dup_exact_email"), finding()], LATER)
    assert [one.check for one in later.actions] == [
        "dup_exact_email",
        "phone_missing",
        "email_invalid",
    ]
    assert later.actions[0].since == LATER
    assert later.actions[1:] == plan.actions


def test_a_plan_survives_the_disk_and_a_file(tmp_path):
    plan = edited()
    write_plan(tmp_path, plan)
    assert read_plan(tmp_path) == plan
    assert plan_in(plan_file(plan), file="plan.json") == plan
    (tmp_path / "audit_plan.json").write_text("{", encoding="utf-8")
    assert read_plan(tmp_path) == Plan()


def test_a_foreign_or_damaged_file_is_refused_in_words():
    plain = json.loads(plan_file(edited()))
    far, odd = (json.loads(json.dumps(plain)) for _ in range(2))
    far["actions"][0]["target"] = 2
    odd["actions"][0]["severity"] = 9
    cases = {
        "audit_format": {**plain, "format": 2},
        "plan_target": far,
        "audit_file": odd,
    }
    for code, content in cases.items():
        with pytest.raises(InputError) as caught:
            plan_in(json.dumps(content).encode(), file="plan.json")
        assert caught.value.code == code
    for data in (b"", b"\xff\xfe", b"[]", json.dumps({**plain, "kind": "snapshot"}).encode()):
        with pytest.raises(InputError) as caught:
            plan_in(data, file="plan.json")
        assert caught.value.code == "audit_file"


def test_progress_leaves_out_what_was_dropped_and_counts_what_is_late():
    plan = edited()
    on_time, late = progress(plan, date(2026, 4, 14)), progress(plan, date(2026, 4, 15))
    assert (on_time.overdue, late.overdue, late.ownerless) == (0, 1, 1)
    done = Plan(tuple(replace(one, status="done") for one in plan.actions))
    assert progress(done, LATER).share == 1.0
    half = with_action(done, replace(done.actions[0], status="dropped"))
    assert (progress(half, LATER).base, progress(half, LATER).share) == (1, 1.0)
    assert progress(Plan(), LATER).share is None


def test_dates_are_proposed_by_severity_where_none_stands():
    plan = planned(Plan(), [finding(), finding("a", severity=2), finding("b", severity=3)], TODAY)
    own = with_action(plan, replace(plan.actions[0], due=date(2026, 4, 1)))
    days = [(one.due - TODAY).days for one in dated(own, TODAY).actions if one.due]
    assert days == [1, 30, 90]
    assert [(one.due - TODAY).days for one in dated(plan, TODAY).actions if one.due] == [14, 30, 90]


def test_gates_name_what_an_audit_lacks(tmp_path):
    space = Workspace(tmp_path / "space")
    table = tmp_path / "deals.csv"
    table.write_text("deal_id,stage,amount\n1,won,10\n2,lost,20\n", encoding="utf-8")
    space.add(table, table.name)
    own, clean = audit_of(finding()), audit_of()
    with space.engine() as engine:
        assert gates(engine, own, asked=Questionnaire(" "), plan=Plan()) == GATES
        asked = Questionnaire("Поднять долю оплат")
        assert gates(engine, own, asked=asked, plan=edited()) == ("no_voice",)
        assert gates(engine, clean, asked=asked, plan=Plan()) == ("no_voice",)
    survey = tmp_path / "survey.csv"
    survey.write_text("Timestamp,NPS\n2026-01-01 10:00,9\n2026-01-02 10:00,3\n", encoding="utf-8")
    space.add(survey, survey.name)
    with space.engine() as engine:
        assert gates(engine, own, asked=asked, plan=Plan()) == ("no_plan",)


def test_a_plan_is_begun_by_an_owner_and_a_day_on_a_finding_of_now():
    own = Action("a", "check", 1, TODAY, owner=" ", due=TODAY)
    assert not Plan((own,)).is_begun(["a"])
    assert Plan((replace(own, owner="Ann"),)).is_begun(["a"])
    assert not Plan((replace(own, owner="Ann"),)).is_begun(["b"])


def test_answers_are_kept_one_a_question(tmp_path):
    kept = answered(Questionnaire("goal"), Answer("interviews", "partly", "5 of 8"))
    kept = answered(kept, Answer("interviews", "yes", "8 of 8"))
    write_questionnaire(tmp_path, kept)
    assert read_questionnaire(tmp_path) == kept
    assert kept.counted() == {"yes": 1, "partly": 0, "no": 0, "unknown": 0}
    assert kept.open == len(QUESTIONS) - 1
    assert unanswered(kept, "interviews").open == len(QUESTIONS)
    assert len({one.key for one in QUESTIONS}) == len(QUESTIONS)
