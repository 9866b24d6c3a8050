"""Cards of metrics that are worked out from whole histories: value, interval, n and formula."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.findings.customers import derived_text, payback_text
from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import flag_text, metric_name, n_text, shift_texts
from crm_metrics.metrics.derived import derived_named
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.moved import Moved
from crm_metrics.texts import decimal_text, has, t
from crm_metrics.ui.chart_words import interval_words
from crm_metrics.ui.escape import esc
from crm_metrics.ui.words import variant_words

# What is counted from the orders of the customers alone: spend and nobody's orders have no part.
_OF_CUSTOMERS = frozenset(
    {
        *("retention_rate", "repeat_within", "time_between_median", "time_between_p90"),
        *("churn_rate", "pareto_share", "ltv_simple", "ltv_model"),
    }
)


def derived_cards(
    values: Sequence[Value], language: str, *, key: str, moved: Sequence[Moved] = ()
) -> None:
    """A card for each value, also where there is none: then it says why.

    `moved` are the changes that are known, by the metric.
    """
    changes = {one.now.metric: one for one in moved}
    with st.grid(4, min_column_width=210, key=f"{key}_cards"):
        for value in values:
            _card(value, changes.get(value.metric), language, key)


def _card(value: Value, change: Moved | None, language: str, key: str) -> None:
    derived = derived_named(value.metric)
    in_words = value.metric == "payback_months" and value.value is not None
    delta, tone = _delta(change, language)
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            _name(value, language),
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
        with st.popover(
            t("number.open", language),
            icon=":material/function:",
            type="tertiary",
            key=f"{key}_{value.metric}",
        ):
            st.markdown("\n".join(f"- {line}" for line in formula_lines(value, language)))


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


def _name(value: Value, language: str) -> str:
    name = metric_name(value.metric, language)
    age = value.group.get("age")
    return f"{name}, {t('customers.month', language, month=age)}" if age else name


def formula_lines(value: Value, language: str) -> list[str]:
    """Formula, base, how the interval is made, what to mind, and the sums; safe as markdown."""
    declared = derived_named(value.metric)
    trap = f"metric.{value.metric}.trap"
    lines = [
        f"`{declared.formula}`",
        t("channels.formula_base", language, base=variant_words(value.variant, language)),
        t(f"derived.interval.{declared.interval}", language),
        t(f"derived.moves.{declared.moves}", language),
        *([t(trap, language)] if has(trap, language) else []),
    ]
    for name, number in value.components.items():
        if has(f"derived.part.{name}", language):
            shown = decimal_text(number, language, 0 if float(number).is_integer() else 2)
            lines.append(f"{t(f'derived.part.{name}', language)}: {esc(shown)}")
    if value.metric in _OF_CUSTOMERS:
        section = t("channels.section_people", language)
        lines.append(t("customers.orders_behind", language, section=section))
    return lines
