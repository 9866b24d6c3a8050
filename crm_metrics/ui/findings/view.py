"""The parts of the Findings page: the report of what is chosen, its summary, and the files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import streamlit as st

from crm_metrics.audit.chosen import read_chosen
from crm_metrics.audit.plan import read_plan
from crm_metrics.audit.questionnaire import read_questionnaire
from crm_metrics.findings import Report, build_report, csv_bytes
from crm_metrics.findings.people_sheet import people_values
from crm_metrics.findings.trials_kept import kept_keys
from crm_metrics.findings.wording import channel_name
from crm_metrics.findings.workbook import TABS, workbook
from crm_metrics.metrics.goals import read_goals
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.store import Engine, Engines
from crm_metrics.texts import LANGUAGES, period_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.audit.asked import known_audit
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import lang
from crm_metrics.ui.state import engine, workspace
from crm_metrics.ui.widgets import XLSX, main_label

_EDITED = "_findings_edited"
_ALWAYS = frozenset({"channels", "method", "sources", "filters"})


def report_of(
    filters: Filters, limits: Limits, file_language: str, *, everything: bool = False
) -> Report:
    """The report of the session's data, remembered until they or the choices change."""
    space = workspace()
    with st.spinner(t("findings.computing", lang())):
        data = (str(space.folder), space.version, _typed(space.folder))
        return _report(data, filters, limits, everything, file_language, engine())


def _typed(folder: Path) -> str:
    """What changes whenever a person changes the audit's settings, answers, plan, or the tests."""
    kept = (
        *(read_chosen(folder), read_questionnaire(folder), read_plan(folder), read_goals(folder)),
        kept_keys(folder),
    )
    return hashlib.sha256(repr(kept).encode()).hexdigest()


@st.cache_data(show_spinner=False, max_entries=16)
def _report(
    data: tuple[str, str, str],  # noqa: ARG001 - the key
    filters: Filters,
    limits: Limits,
    everything: bool,  # noqa: FBT001 - the cache calls it by place
    file_language: str,
    _engine: Engine | Engines,
) -> Report:
    return build_report(
        workspace(),
        filters=filters,
        limits=limits,
        everything=everything,
        lang=file_language,
        engine=_engine,
        numbers=cached.compute_each,
        people=_people,
        audited=known_audit,
    )


def _people(chosen: Filters, now: Filters) -> tuple[Value, ...]:
    return cached.asked(people_values, chosen, now)


def covers(report: Report, language: str) -> None:
    """One line on what the report is made of."""
    chosen = report.filters
    everything = t("report.everything", language)
    channels = ", ".join(channel_name(name, language) for name in chosen.channels)
    st.caption(
        t(
            "findings.covers",
            language,
            period=period_text(report.period, language) if report.period else everything,
            channels=esc(channels or everything),
            campaigns=esc(", ".join(chosen.campaigns) or everything, limit=300),
        )
    )


def choose_language(language: str) -> str:
    """Ask for the language of the files; the page's own to begin with."""
    # A widget for each page language: its words change, and so does the default.
    chosen = st.segmented_control(
        t("findings.language", language),
        LANGUAGES,
        default=language,
        format_func=lambda code: t(f"language.{code}", language),
        key=f"file_language_{language}",
        required=True,
        persist_state="session",
    )
    return chosen or language


def left_out(language: str) -> tuple[str, ...]:
    """Ask for the workbook's tabs; gives those not wanted."""
    optional = [key for key in TABS if key not in _ALWAYS]
    wanted = st.pills(
        t("findings.tabs", language),
        optional,
        selection_mode="multi",
        default=optional,
        format_func=lambda key: t(f"report.tab.{key}", language),
        key=f"findings_tabs_{language}",
        persist_state="session",
    )
    return tuple(key for key in optional if key not in wanted)


def summary(report: Report, language: str) -> Report:
    """The sentences, to be edited; gives the report with the words that stand there.

    An edit belongs to the sentences it was made of: where the data or the choices change them,
    the new ones are shown, and the edit is there again with the old ones.
    """
    edits: dict[str, str] = st.session_state.setdefault(_EDITED, {})
    place = hashlib.sha256(f"{report.lang}\n{report.summary}".encode()).hexdigest()[:12]
    key = f"findings_summary_{place}"

    def keep() -> None:
        edits[place] = st.session_state[key]

    def restore() -> None:
        edits.pop(place, None)
        st.session_state[key] = report.summary

    if key not in st.session_state:
        st.session_state[key] = edits.get(place, report.summary)
    text = st.text_area(
        t("findings.summary", language),
        key=key,
        height="content",
        help=t("findings.summary_help", language),
        on_change=keep,
    )
    if text != report.summary:
        st.button(
            t("findings.restore", language),
            key="findings_restore",
            icon=":material/undo:",
            on_click=restore,
        )
    if report.caveats:
        st.caption("\n".join(f"- {esc(caveat)}" for caveat in report.caveats))
    return report.with_summary(text)


def downloads(report: Report, without: Collection[str], language: str) -> None:
    """The buttons; a file is made only when it is asked for."""
    name = "-".join(["findings", *(day.isoformat() for day in report.period or ())])
    with st.container(horizontal=True, key="findings_downloads"):
        st.download_button(
            main_label(t("findings.workbook", language), ":material/table_view:"),
            data=lambda: workbook(report, without=without),
            file_name=f"{name}.xlsx",
            mime=XLSX,
            key="findings_workbook",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            t("findings.csv", language),
            data=lambda: csv_bytes(report),
            file_name=f"{name}.csv",
            mime="text/csv",
            key="findings_csv",
            icon=":material/csv:",
            on_click="ignore",
        )
