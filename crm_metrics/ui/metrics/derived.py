"""Cards of metrics that are worked out from others: value, interval, n and change."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.findings.customers import derived_text, payback_text
from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import flag_text, n_text, shift_texts
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.moved import Moved
from crm_metrics.texts import t
from crm_metrics.ui.chart_words import interval_words
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.derived_view import derived_button, derived_name


def derived_cards(
    values: Sequence[Value],
    language: str,
    *,
    key: str,
    behind: Behind,
    moved: Sequence[Moved] = (),
) -> None:
    """A card for each value, also where there is none: then it says why.

    `moved` are the changes that are known, by the metric; `behind` is what the values were asked
    with, to find their rows again.
    """
    changes = {one.now.metric: one for one in moved}
    with st.grid(4, min_column_width=210, key=f"{key}_cards"):
        for value in values:
            _card(value, changes.get(value.metric), behind, language, key)


def _card(value: Value, change: Moved | None, behind: Behind, language: str, key: str) -> None:
    derived = derived_named(value.metric)
    in_words = value.metric == "payback_months" and value.value is not None
    delta, tone = _delta(change, language)
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            derived_name(value, language),
            esc(derived_text(value, language)),
            delta,
            delta_color=tone,  # type: ignore[arg-type]
            delta_arrow="down" if change and (change.change.difference or 0) < 0 else "up",
            help=t(f"metric.{value.metric}.help", language),
        )
        told = ["" if in_words else interval_words(value, derived.unit, language)]
        told += [t("channels.n", language, n=n_text(value, language))] if value.n else []
        lines = [" · ".join(part for part in told if part)]
        lines += change_lines(change, language) if change else []
        lines += [payback_text(value, language)] if in_words else []
        lines += [flag_text(flag, language) for flag in value.flags]
        st.caption("  \n".join(esc(line) for line in lines if line))
        derived_button(value, behind, language, key=f"{key}_{value.metric}")


def change_lines(moved: Moved, language: str) -> list[str]:
    """How far a value has moved, with its interval, in a line; not escaped."""
    change, unit = moved.change, derived_named(moved.now.metric).unit
    if change.low is None:
        return []
    words = shift_texts(_shift(moved), unit, language, moved.now.currency)
    if not change.clear:
        return [t("channels.no_clear_change", language, **words)]
    of_cohorts = "cohort" in moved.now.group
    key = "customers.cohort_change" if of_cohorts else "channels.change_between"
    return [t(key, language, **words)]


def _delta(moved: Moved | None, language: str) -> tuple[str | None, str]:
    """The signed change where it is clear, coloured where it is also good or bad."""
    if moved is None or not moved.change.clear:
        return None, "gray"
    unit = derived_named(moved.now.metric).unit
    tone = {True: "green", False: "red", None: "gray"}[moved.change.good]
    return shift_texts(_shift(moved), unit, language, moved.now.currency)["change"], tone


def _shift(moved: Moved) -> Shift:
    return Shift(moved.change.difference, moved.change.low, moved.change.high)
