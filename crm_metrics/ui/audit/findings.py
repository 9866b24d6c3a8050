"""The findings, the weightiest first: how many of how many, what it means, whom to put right."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.audit import Audit, Finding, check_of, ground_of, records_of
from crm_metrics.findings.audit_list import (
    CODES,
    ZIPPED,
    code_text,
    column_title,
    records_csv,
    records_zip,
    typed,
)
from crm_metrics.findings.audit_words import (
    advice_text,
    check_name,
    count_text,
    meaning_text,
    more_text,
    not_run_text,
    passed_texts,
)
from crm_metrics.texts import date_text, decimal_text, integer_text, t
from crm_metrics.ui.audit.asked import file_names
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import engine

_COLORS: Final = {1: "red", 2: "orange", 3: "gray"}
_AT_ONCE: Final = 8
_FIRST: Final = ("file", "line", "why", "suggestion", "tier", "survivor", "group")
"""What a list is for stands before the fields by which a record is known again."""
_OWN: Final = {"file": "__dataset", "line": "__line"}


def findings_section(found: Audit, language: str) -> None:
    """Draw the findings, then what was clean and what could not be checked."""
    if found.passed and not found.findings:
        st.success(t("audit.clean", language), icon=":material/check_circle:")
    shown = found.findings
    if len(shown) > _AT_ONCE:
        label = t("audit.show_all", language, count=len(shown))
        if not st.toggle(label, key=f"audit_all_{language}", persist_state="session"):
            shown = shown[:_AT_ONCE]
    for one in shown:
        _finding(one, found, language)
    _passed(found, language)
    _not_run(found, language)


def _finding(one: Finding, found: Audit, language: str) -> None:
    with st.container(border=True, gap="xsmall", key=f"finding_{one.id}"):
        severity = t(f"audit.severity.{one.severity}", language)
        color = _COLORS.get(one.severity, "gray")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{esc(check_name(one.check, one.scope, language), limit=200)}**", width="content"
            )
            st.badge(severity, color=color)  # type: ignore[arg-type]  # of the colours above
        st.markdown(esc(count_text(one, language), limit=500))
        check = check_of(one.check, one.grain)
        said = (meaning_text(check, found.settings, language), more_text(one, language))
        st.markdown(esc(" ".join(filter(None, said)), limit=900))
        st.markdown(f":gray[{esc(advice_text(one.check, language), limit=600)}]")
        folded = st.expander(
            t("audit.rows", language), on_change="rerun", key=f"rows_{one.id}_{language}"
        )
        if folded.open:
            with folded:
                _rows(one, found, language)


def _rows(one: Finding, found: Audit, language: str) -> None:
    """The first rows with people hidden, and the whole list to download."""
    names = file_names()
    known = dict.fromkeys(name for row in one.examples for name in row)
    columns = [name for name in dict.fromkeys((*_FIRST, *known)) if name in known]
    frame = pd.DataFrame(
        [
            {name: _cell(name, row.get(name), names, language) for name in columns}
            for row in one.examples
        ]
    )
    frame.columns = [column_title(_OWN.get(name, name), language) for name in columns]
    st.dataframe(frame, hide_index=True, key=f"examples_{one.id}_{language}")
    st.caption(t("audit.examples_masked", language))
    whole = st.toggle(
        t("audit.unmasked", language),
        key=f"unmasked_{one.id}_{language}",
        help=t("audit.unmasked_help", language),
    )
    _download(one, found, names, language, masked=not whole)


def _download(
    one: Finding, found: Audit, names: dict[str, str], language: str, *, masked: bool
) -> None:
    known = engine()
    name = f"audit_{one.check}.csv"
    zipped = one.count > ZIPPED

    def built() -> bytes:
        ground = ground_of(known, found.settings)
        records = records_of(ground, check_of(one.check, one.grain), one.scope)
        pieces = records_csv(records, names, language, masked=masked)
        return records_zip(pieces, name) if zipped else b"".join(pieces)

    key = "audit.download_zip" if zipped else "audit.download_list"
    st.download_button(
        t(key, language, count=one.count),
        data=built,
        file_name=f"audit_{one.check}.zip" if zipped else name,
        mime="application/zip" if zipped else "text/csv",
        key=f"list_{one.id}_{masked}_{language}",
        icon=":material/download:",
        on_click="ignore",
    )


def _cell(name: str, value: str | None, names: dict[str, str], language: str) -> str:
    if value is None:
        return ""
    if name == "file":
        return names.get(value, value)
    if name in CODES:
        return code_text(name, value, language) or ""
    cell = typed(name, value, language)
    if isinstance(cell, datetime):
        return f"{date_text(cell.date(), language)} {cell:%H:%M}".removesuffix(" 00:00")
    if isinstance(cell, float):
        return decimal_text(cell, language, 0 if cell.is_integer() else 2)
    return str(cell)


def _passed(found: Audit, language: str) -> None:
    """The checks that ran and found nothing, with how much each looked at."""
    clean = found.clean
    if not clean:
        return
    title = t("audit.passed_title", language, count=len(clean))
    with st.expander(title, icon=":material/check:"):
        left_out = passed_texts(found, language)
        lines = [
            f"{check_name(*kind, language)}: {integer_text(base, language)}"
            + (f". {left_out[kind]}" if kind in left_out else "")
            for kind, base in clean.items()
        ]
        st.caption(t("audit.passed_base", language))
        st.markdown("\n".join(f"- {esc(line, limit=300)}" for line in lines))


def _not_run(found: Audit, language: str) -> None:
    """The checks that could not run, and what they lack: those of grains that are there first."""
    skipped = found.skipped
    own = [one for one in found.not_run if (one.check, one.grain) in skipped]
    order = sorted(own, key=lambda one: one.grain not in found.rows)
    lines = dict.fromkeys(not_run_text(one, language) for one in order)
    if not lines:
        return
    title = t("audit.not_run_title", language, count=len(found.skipped))
    with st.expander(title, icon=":material/extension:"):
        st.markdown("\n".join(f"- {esc(line, limit=400)}" for line in lines))
