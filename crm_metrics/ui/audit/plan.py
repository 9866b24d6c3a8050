"""The plan, edited in place: owner, due date, target, effort, status, note; and its files."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from crm_metrics.audit import Audit
from crm_metrics.audit.plan import (
    EFFORTS,
    STATUSES,
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
from crm_metrics.audit.remeasure import next_audit
from crm_metrics.audit.snapshot import read_snapshots, write_snapshot
from crm_metrics.findings.audit_words import check_name
from crm_metrics.texts import date_text, integer_text, percent_text, t
from crm_metrics.ui.address import visit
from crm_metrics.ui.audit.asked import as_snapshot, file_names, known_audit, known_plan
from crm_metrics.ui.audit.brought import bring_in
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary, lang
from crm_metrics.ui.state import engine, workspace
from crm_metrics.ui.widgets import DATE_FORMAT, XLSX, main_label

_TURN: Final = "_audit_plan_turn"
_BEGUN: Final = "_audit_plan_begun"
_TYPED: Final = ("owner", "due", "status", "target", "effort", "note")
_ROW: Final = 35
_MOST_ROWS: Final = 14


@dataclass(frozen=True, slots=True)
class _Begun:
    """The plan that a table began with, and what its edits have made of it so far."""

    key: str
    base: Plan
    own: Plan


def plan_section(found: Audit, language: str) -> None:
    """Draw how far the plan is, the table to edit, and the files to take it along."""
    plan = known_plan(found)
    if plan.actions:
        _progress(plan, found, language)
        _table(plan, found, language)
    else:
        st.info(t("audit.plan_empty", language), icon=":material/checklist:")
    _files(found, plan, language)


def _progress(plan: Plan, found: Audit, language: str) -> None:
    far = progress(plan, _first_day(found))
    if far.share is not None:
        words = t(
            "audit.progress",
            language,
            done=integer_text(far.counts["done"], language),
            of=integer_text(far.base, language),
            share=percent_text(far.share, language, 0),
        )
        st.progress(far.share, text=esc(words))
    lines = [t("audit.progress_doing", language, n=far.counts["doing"])]
    if far.overdue:
        lines.append(t("audit.progress_overdue", language, n=far.overdue))
    if far.ownerless:
        lines.append(t("audit.progress_ownerless", language, n=far.ownerless))
    again = date_text(next_audit(found.today), language)
    lines.append(t("audit.next", language, day=again))
    st.caption(esc(" ".join(lines)))


def _table(plan: Plan, found: Audit, language: str) -> None:
    """The editor: what it began with stays its input, and each edit is kept at once."""
    begun: _Begun | None = st.session_state.get(_BEGUN)
    if begun is not None and begun.key == _key(language) and begun.own != plan:
        # Findings came or went, or another window edited the plan.
        _begin_anew()
    key = _key(language)
    if begun is None or begun.key != key:
        begun = st.session_state[_BEGUN] = _Begun(key, plan, plan)
    base = begun.base
    st.data_editor(
        _frame(base, found, language),
        key=key,
        hide_index=True,
        num_rows="fixed",
        height=_ROW * (min(len(base.actions), _MOST_ROWS) + 1) + 3,
        disabled=("name", "severity"),
        placeholder="",
        column_config=_columns(language),
        on_change=boundary()(_edited),
        args=(key,),
    )


def _key(language: str) -> str:
    return f"audit_plan_{visit()}_{language}_{st.session_state.get(_TURN, 0)}"


def _frame(plan: Plan, found: Audit, language: str) -> pd.DataFrame:
    found_now = {one.id for one in found.findings}
    return pd.DataFrame(
        {
            "name": [_name(one, found_now, language) for one in plan.actions],
            "severity": [one.severity for one in plan.actions],
            "owner": [one.owner for one in plan.actions],
            "due": pd.Series([one.due for one in plan.actions], dtype="object"),
            "status": [one.status for one in plan.actions],
            "target": [100 * one.target for one in plan.actions],
            "effort": [one.effort for one in plan.actions],
            "note": [one.note for one in plan.actions],
        }
    )


def _name(one: Action, found: Collection[str], language: str) -> str:
    name = check_name(one.check, one.scope, language)
    return name if one.finding in found else t("audit.plan_gone", language, name=name)


def _columns(language: str) -> dict[str, Any]:
    column = st.column_config
    words = {name: t(f"audit.plan_column.{name}", language) for name in _NAMES}
    return {
        "name": column.TextColumn(words["name"], width=270),
        "severity": column.NumberColumn(
            words["severity"], help=t("audit.severity_help", language), width="small"
        ),
        "owner": column.TextColumn(words["owner"], max_chars=120),
        "due": column.DateColumn(words["due"], format=DATE_FORMAT[language]),
        "status": column.SelectboxColumn(
            words["status"],
            options=list(STATUSES),
            format_func=lambda one: t(f"audit.status.{one}", language),
            required=True,
        ),
        "target": column.NumberColumn(
            words["target"], min_value=0.0, max_value=100.0, format="%g", required=True
        ),
        "effort": column.SelectboxColumn(
            words["effort"],
            options=list(EFFORTS),
            format_func=lambda one: t(f"audit.effort.{one}", language),
            required=True,
        ),
        "note": column.TextColumn(words["note"], max_chars=500, width="large"),
    }


_NAMES: Final = ("name", "severity", "owner", "due", "status", "target", "effort", "note")


def _edited(key: str) -> None:
    """Keep what was typed last, laid over the kept plan: another window may have edited it."""
    begun: _Begun = st.session_state[_BEGUN]
    if begun.key != key:
        return
    own = begun.base
    for place, cells in st.session_state[key]["edited_rows"].items():
        own = with_action(own, _with(begun.base.actions[int(place)], cells))
    plan = known_plan(known_audit())
    for typed, before in zip(own.actions, begun.own.actions, strict=True):
        changes: dict[str, Any] = {
            name: getattr(typed, name)
            for name in _TYPED
            if getattr(typed, name) != getattr(before, name)
        }
        if changes:
            kept = plan.action(typed.finding) or typed
            plan = with_action(plan, replace(kept, **changes))
    _keep(plan)
    st.session_state[_BEGUN] = replace(begun, own=own)


def _with(action: Action, cells: Mapping[str, Any]) -> Action:
    """The action with what was typed into its row; an emptied cell is its usual."""
    changes: dict[str, Any] = {}
    for name in ("owner", "note"):
        if name in cells:
            changes[name] = (cells[name] or "").strip()
    for name in ("status", "effort"):
        if cells.get(name):
            changes[name] = cells[name]
    if "due" in cells:
        changes["due"] = date.fromisoformat(str(cells["due"])[:10]) if cells["due"] else None
    if "target" in cells:
        typed = cells["target"]
        known = typed is not None and math.isfinite(float(typed))
        changes["target"] = float(typed) / 100 if known else 0.0
    return replace(action, **changes)


def _keep(plan: Plan) -> None:
    """Keep the plan, and with its first edit the audit that it stands on, to measure against."""
    folder = workspace().folder
    write_plan(folder, plan)
    found = known_audit()
    if all(one.today != found.today for one in read_snapshots(folder)):
        write_snapshot(folder, as_snapshot(found))


def _files(found: Audit, plan: Plan, language: str) -> None:
    known, names = engine(), file_names()
    whole = False
    if plan.actions:
        st.button(
            t("audit.suggest_dates", language),
            key="audit_dates",
            icon=":material/event:",
            help=t("audit.suggest_dates_help", language),
            on_click=boundary()(_date),
        )
        whole = st.toggle(
            t("audit.unmasked_book", language),
            key=f"audit_book_unmasked_{language}",
            help=t("audit.unmasked_help", language),
        )

    def book() -> bytes:
        # Workbooks take most of a second to import.
        from crm_metrics.findings.audit_plan_book import plan_book  # noqa: PLC0415

        return plan_book(known, found, plan, language, files=names, masked=not whole)

    def days() -> bytes:
        from crm_metrics.findings.audit_calendar import plan_calendar  # noqa: PLC0415

        return plan_calendar(found, plan, language)

    day = found.today.isoformat()
    with st.container(horizontal=True, key="audit_plan_files"):
        st.download_button(
            main_label(t("audit.book", language), ":material/table_view:"),
            data=book,
            file_name=f"audit-plan-{day}.xlsx",
            mime=XLSX,
            key=f"audit_book_{whole}",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            t("audit.ics", language),
            data=days,
            file_name=f"audit-plan-{day}.ics",
            mime="text/calendar",
            key="audit_ics",
            icon=":material/calendar_month:",
            on_click="ignore",
        )
        st.download_button(
            t("audit.plan_file", language),
            data=lambda: plan_file(plan),
            file_name=f"audit-plan-{day}.json",
            mime="application/json",
            key="audit_plan_json",
            icon=":material/download:",
            on_click="ignore",
        )
    bring_in("plan", _load, language)


def _date() -> None:
    found = known_audit()
    _keep(dated(known_plan(found), _first_day(found)))
    _begin_anew()


def _first_day(found: Audit) -> date:
    """The day from which work can begin: not that of an old export's last record."""
    return max(found.today, datetime.now(UTC).date())


def _load(data: bytes, file: str) -> None:
    """Lay a plan's file over the kept one: of two actions on a finding the file's holds."""
    _begin_anew()
    loaded = plan_in(data, file=file)
    plan = read_plan(workspace().folder)
    for action in loaded.actions:
        plan = with_action(plan, action)
    found = known_audit()
    _keep(planned(plan, found.findings, found.today))
    said = t("audit.plan_loaded", lang(), count=len(loaded.actions))
    st.toast(said, icon=":material/check:")


def _begin_anew() -> None:
    """A new table: what it held was of the plan before."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
