"""No phone and no e-mail can be read in the audit: on its page, in its files, in its logs."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from crm_metrics.audit import Audit, audit, check_of, ground_of, records_of
from crm_metrics.audit.plan import Plan, dated, plan_file, planned, write_plan
from crm_metrics.audit.snapshot import snapshot, snapshot_file
from crm_metrics.findings import build_report
from crm_metrics.findings.audit_calendar import plan_calendar
from crm_metrics.findings.audit_list import records_csv
from crm_metrics.findings.audit_plan_book import plan_book
from crm_metrics.findings.csv_file import csv_bytes
from crm_metrics.findings.workbook import workbook
from crm_metrics.store import Engine, Workspace
from crm_metrics.texts import LANGUAGES
from crm_metrics.ui.audit.sections import SECTIONS
from tests.audit.made_private import MAILS, PHONES, readable, write_private, written

EVERYBODY = {*PHONES, *MAILS}


@pytest.fixture
def space(home, tmp_path):
    space = Workspace(home)
    for path in write_private(tmp_path / "files"):
        space.add(path, path.name)
    return space


def drawn(at: AppTest) -> str:
    """All that the page sends to the browser, tables cell by cell."""
    tables = [*at.dataframe, *at.data_editor, *at.table]
    cells = [one.value.to_csv() for one in tables]
    sent = [str(one.proto) for one in at._tree if getattr(one, "proto", None) is not None]
    return "\n".join((*sent, *cells))


def test_the_page_tells_of_nobody(open_app, space, caplog):
    at = open_app("audit")
    with space.engine() as engine:
        found = audit(engine).findings
    assert len(found) > 15
    for language in LANGUAGES:
        at.segmented_control(key="lang").set_value(language).run()
        for key in SECTIONS:
            at.segmented_control(key=f"section_{language}").set_value(key).run()
            assert not at.exception, key
            if key == "problems":
                at.toggle(key=f"audit_all_{language}").set_value(True)
                for one in found:
                    at.session_state[f"rows_{one.id}_{language}"] = True
                at.run()
                assert len(at.dataframe) == len(found)
            if key == "crm_people":
                at.session_state["crm_use_beside"] = True
                at.run()
                assert len(at.dataframe) == 2
            assert readable(drawn(at)) == set(), (language, key)
    assert readable(caplog.text) == set()


def text_of(data: bytes) -> str:
    book = load_workbook(BytesIO(data))
    return "\n".join(str(cell) for page in book for row in page.values for cell in row)


def test_files_tell_of_nobody_unless_they_were_asked_to(space, caplog):
    with space.engine() as engine:
        found = audit(engine)
        plan = dated(planned(Plan(), found.findings, found.today), found.today)
        write_plan(space.folder, plan)
        typed = replace(plan.actions[0], owner=MAILS[0], note=written(0))
        files = {item.id: item.table.file_name for item in space.datasets()}
        told = {
            "book": text_of(plan_book(engine, found, plan, "ru", files=files)),
            "lists": lists_of(engine, found, files, "en", masked=True),
            "snapshot": snapshot_file(snapshot(engine, found)).decode(),
            "plan": plan_file(plan).decode(),
        }
        for lang in LANGUAGES:
            report = build_report(space, engine=engine, lang=lang, audited=lambda: found)
            told |= {
                f"calendar {lang}": plan_calendar(found, Plan((typed,)), lang).decode(),
                f"report {lang}": text_of(workbook(report)),
                f"report as csv {lang}": csv_bytes(report).decode("utf-8-sig"),
            }
        asked = lists_of(engine, found, files, "ru", masked=False)
    assert readable(asked) == EVERYBODY  # the search itself finds them
    told["log"] = caplog.text
    assert {name: readable(text) for name, text in told.items() if readable(text)} == {}


def lists_of(
    engine: Engine, found: Audit, files: dict[str, str], lang: str, *, masked: bool
) -> str:
    """All lists of an audit, each as long as its finding says."""
    ground, told = ground_of(engine, found.settings), ""
    for one in found.findings:
        records = records_of(ground, check_of(one.check, one.grain), one.scope)
        text = b"".join(records_csv(records, files, lang, masked=masked)).decode("utf-8-sig")
        assert text.count("\r\n") == one.count + 1, one.check
        told += text
    return told
