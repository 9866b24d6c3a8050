"""The Audit page: from files to findings, a plan, and a second upload that is measured again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from crm_metrics.audit import catalogue, thresholds
from crm_metrics.audit.chosen import Chosen, read_chosen, write_chosen
from crm_metrics.audit.gates import GATES
from crm_metrics.audit.plan import read_plan, with_action, write_plan
from crm_metrics.audit.questionnaire import Answer, read_questionnaire
from crm_metrics.audit.snapshot import read_snapshots
from crm_metrics.store import Workspace
from crm_metrics.texts import date_text, t
from tests.audit.made_crm import MARCH, OCTOBER, write_crm


def said(at: AppTest) -> str:
    parts = (*at.markdown, *at.caption, *at.info, *at.warning, *at.success)
    return "\n".join(one.value for one in parts).replace("\\", "")


def section(at: AppTest, key: str, language: str = "en") -> AppTest:
    at.segmented_control(key=f"section_{language}").set_value(key).run()
    assert not at.exception
    return at


def edit(at: AppTest, row: int, **cells: object) -> None:
    """Type into a row of the plan's table, as the browser tells the app."""
    (editor,) = at.data_editor
    states = at._tree.get_widget_states()
    state = states.widgets.add()
    state.id = editor.proto.id
    told = {"edited_rows": {str(row): cells}, "added_rows": [], "deleted_rows": []}
    state.string_value = json.dumps(told)
    at._run(states)
    assert not at.exception


def plan_rows(at: AppTest) -> list[list[object]]:
    (editor,) = at.data_editor
    return editor.value.fillna("").to_numpy().tolist()


def test_the_page_teaches_where_there_is_nothing(open_app):
    at = open_app("audit")
    assert t("audit.question_of_page", "en") in said(at)
    assert at.button(key="empty_sample")


def test_from_files_to_a_plan_and_to_the_next_audit(open_app, home, tmp_path):
    space = Workspace(home)
    first = {
        path.name: space.add(path, path.name)[0].id
        for path in write_crm(tmp_path / "march", MARCH, missing=48)
    }
    at = open_app("audit")
    assert "48 of 80 contacts" in said(at)
    clean = int(said(at).split("with findings, ")[1].split(" without")[0])
    assert t("audit.passed_title", "en", count=clean) in [one.label for one in at.expander]
    for gate in GATES:
        assert t(f"audit.gate.{gate}", "en") in said(at)
    at.text_input(key="audit_goal_en").set_value("Call every lead on its day").run()
    assert read_questionnaire(home).goal == "Call every lead on its day"
    assert t("audit.gate.no_goal", "en") not in said(at)
    look_at_sections(at, home)

    section(at, "plan")
    assert [row[0] for row in plan_rows(at)][:1] == [check("deal_overdue")]
    edit(at, 0, owner="Anna", due="2026-04-14", status="doing", target=5)
    (kept, *_) = read_plan(home).actions
    assert (kept.owner, kept.due, kept.status) == ("Anna", date(2026, 4, 14), "doing")
    assert kept.target == 0.05
    assert t("audit.gate.no_plan", "en") not in said(at)
    assert [one.today for one in read_snapshots(home)] == [MARCH]
    edit(at, 0, owner="Anna Orlova", due=None, status="doing", target=5)
    assert read_plan(home).actions[0].due is None
    edits_of_another_window(at, home)
    at.button(key="audit_dates").click().run()
    # From today on, whatever day the data end on: no date of an old export lies in the past.
    due = read_plan(home).actions[0].due
    assert due is not None
    assert due - timedelta(days=14) >= MARCH
    assert due >= datetime.now(UTC).date()

    at.segmented_control(key="lang").set_value("ru").run()
    assert not at.exception
    assert plan_rows(at)[0][:3] == [check("deal_overdue", "ru"), 1, "Anna Orlova"]
    at.segmented_control(key="lang").set_value("en").run()

    mended = write_crm(tmp_path / "mended", MARCH, missing=20)
    first = {
        path.name: Workspace(home).replace(first[path.name], path, path.name)[0].id
        for path in mended
    }
    at.run()
    section(at, "since")
    told = said(at)
    assert f"{check('phone_missing')}: was 48 of 80 (60.0%), is 20 of 80 (25.0%)." in told
    section(at, "plan")

    later = write_crm(
        tmp_path / "october", OCTOBER, missing=20, more=60, more_missing=40, overdue=0
    )
    for path in later:
        Workspace(home).replace(first[path.name], path, path.name)
    at.run()
    assert plan_rows(at)[-1][0] == t("audit.plan_gone", "en", name=check("deal_overdue"))
    section(at, "since")
    told = said(at)
    assert f"{check('deal_overdue')}: was 10 of 40 (25.0%)." in told
    assert f"{check('phone_missing')}: was 48 of 80 (60.0%), is 60 of 140 (42.9%)." in told
    assert "among new records 40 of 60 (66.7%, likely between" in told
    assert "of the earlier ones 20 of 80 (25.0%) remain" in told
    assert t("audit.outcome_means.fixed", "en") in told


def edits_of_another_window(at: AppTest, home: Path) -> None:
    """What another window typed into the plan stays, and is shown with the next edit here."""
    other = read_plan(home)
    theirs = replace(other.actions[1], owner="Oleg", note="By phone")
    write_plan(home, with_action(other, theirs))
    edit(at, 0, owner="Anna Orlova", due=None, status="doing", target=5, note="First")
    assert read_plan(home).actions[0].note == "First"
    assert read_plan(home).actions[1] == theirs
    assert [row[2] for row in plan_rows(at)][:2] == ["Anna Orlova", "Oleg"]


def look_at_sections(at: AppTest, home: Path) -> None:
    """The sections that need no earlier audit: each is drawn, and keeps what is typed."""
    section(at, "questionnaire")
    at.segmented_control(key="reply_kpi_document_en").set_value("partly").run()
    at.text_input(key="evidence_kpi_document_en").set_value("Only for sales").run()
    assert read_questionnaire(home).answer("kpi_document") == Answer(
        "kpi_document", "partly", "Only for sales"
    )
    section(at, "base")
    assert at.dataframe[0].value.iloc[0].tolist()[:3] == ["Both e-mail and phone", "32", "40.0%"]
    section(at, "thresholds")
    at.number_input(key="threshold_stale_days_en_0").set_value(-1.0).run()
    least = thresholds()["stale_days"].low
    assert read_chosen(home).thresholds == {"stale_days": least}
    assert f"{least:g} is taken" in " ".join(item.value for item in at.warning)
    at.selectbox(key="severity_phone_missing_en_0").set_value(0).run()
    section(at, "problems")
    assert "48 of 80 contacts" not in said(at)
    section(at, "thresholds")
    at.button(key="audit_settings_reset").click().run()
    section(at, "problems")
    assert "48 of 80 contacts" in said(at)


def check(key: str, language: str = "en") -> str:
    return t(f"audit.check.{key}.name", language)


def test_a_base_without_dates_and_one_without_checks_say_so(open_app, home, tmp_path):
    path = tmp_path / "contacts.csv"
    people = (f"{place};Иван Петров;p{place}@mail.example;" for place in range(20))
    path.write_text("Contact ID;Full name;Email;Phone\n" + "\n".join(people), encoding="utf-8")
    added = Workspace(home).add(path, path.name)[0].added_at.date()
    at = open_app("audit")
    assert t("audit.page_as_of", "en", day=date_text(added, "en")) in said(at)
    assert "20 of 20 contacts" in said(at)
    write_chosen(home, Chosen(severities=dict.fromkeys((one.key for one in catalogue()), 0)))
    at.run()
    assert not at.exception
    assert t("audit.all_off", "en") in said(at)
    assert "1970" not in said(at)
