"""What the checks go by: thresholds and severities, which a person may change."""

from __future__ import annotations

from typing import Final

import streamlit as st

from crm_metrics.audit import Audit, Threshold, catalogue, thresholds
from crm_metrics.audit.chosen import (
    Chosen,
    read_chosen,
    with_severity,
    with_threshold,
    write_chosen,
)
from crm_metrics.findings.audit_words import check_name
from crm_metrics.texts import t
from crm_metrics.ui.audit.allowed import allowed_values
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace
from crm_metrics.ui.typed import nearest_of

_PERCENT: Final = 100.0
_SEVERITIES: Final = (1, 2, 3, 0)


def settings_section(found: Audit, language: str) -> None:
    """Draw the thresholds of the checks that could run, and every check's severity."""
    chosen = read_chosen(workspace().folder)
    st.markdown(t("audit.settings_lead", language))
    ran = {one.check for one in found.findings} | {one.check for one in found.passed}
    known = {one.key: one for check in catalogue() if check.key in ran for one in check.thresholds}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for one in known.values():
            _threshold(one, chosen, language)
    st.header(t("audit.severities_title", language))
    off = {one.check for one in found.not_run if one.reason == "off"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key in dict.fromkeys(one.key for one in catalogue() if one.key in ran | off):
            _severity(key, chosen, language)
    allowed_values(found, chosen, language, turn=_turn())
    if chosen != Chosen():
        st.button(
            t("audit.settings_reset", language),
            key="audit_settings_reset",
            icon=":material/undo:",
            on_click=boundary()(_reset),
        )


def _threshold(one: Threshold, chosen: Chosen, language: str) -> None:
    factor = _PERCENT if one.unit == "share" else 1.0
    key = f"threshold_{one.key}_{language}_{_turn()}"
    unit = t(f"audit.threshold_unit.{one.unit}", language)
    label = t(
        "audit.threshold_label",
        language,
        name=t(f"audit.threshold.{one.key}", language),
        unit=unit,
    )
    typed = st.number_input(
        label,
        value=float(chosen.thresholds.get(one.key, one.default)) * factor,
        step=1.0,
        format="%g",
        key=key,
        width=330,
        on_change=boundary()(_keep_threshold),
        args=(one.key, key, factor),
    )
    nearest_of(typed, label, (one.low * factor, one.high * factor))


def _keep_threshold(name: str, key: str, factor: float) -> None:
    typed, one = st.session_state[key], thresholds()[name]
    value = one.default if typed is None else min(max(typed / factor, one.low), one.high)
    folder = workspace().folder
    write_chosen(folder, with_threshold(read_chosen(folder), name, value))


def _severity(check: str, chosen: Chosen, language: str) -> None:
    own = next(one.severity for one in catalogue() if one.key == check)
    key = f"severity_{check}_{language}_{_turn()}"
    st.selectbox(
        check_name(check, "", language),
        _SEVERITIES,
        index=_SEVERITIES.index(chosen.severities.get(check, own)),
        format_func=lambda one: t(f"audit.severity.{one}", language),
        key=key,
        width=330,
        on_change=boundary()(_keep_severity),
        args=(check, key),
    )


def _keep_severity(check: str, key: str) -> None:
    folder = workspace().folder
    write_chosen(folder, with_severity(read_chosen(folder), check, st.session_state[key]))


def _reset() -> None:
    write_chosen(workspace().folder, Chosen())
    st.session_state["_audit_settings_turn"] = _turn() + 1


def _turn() -> int:
    return int(st.session_state.get("_audit_settings_turn", 0))
