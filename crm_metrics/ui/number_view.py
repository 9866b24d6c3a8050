"""Where a number comes from: its formula, its base and the sums behind it, in a dialog."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from crm_metrics.findings.wording import channel_name, estimate, flags_text, metric_name, sum_text
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.model import Filters, Limits, Unit, Value
from crm_metrics.texts import duration_text, has, integer_text, t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.number_lines import rows_behind
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.words import grain_word, variant_words


@dataclass(frozen=True, slots=True)
class Number:
    """A value as a page shows it, and what it was asked with: enough to find its rows again."""

    value: Value
    unit: Unit
    filters: Filters
    limits: Limits


def number_button(number: Number, language: str, *, key: str, of: str | None = None) -> None:
    """A quiet button that opens the number; `of` names it where several stand together."""
    pressed = st.button(
        t("number.open_of", language, name=esc(of, limit=60)) if of else t("number.open", language),
        icon=":material/function:",
        type="tertiary",
        key=f"number_{key}",
    )
    if pressed:
        open_number(number, language)


def open_number(number: Number, language: str) -> None:
    """Show the dialog of a number."""
    value = number.value
    groups = (
        channel_name(part, language) if by == "channel" else part or t("cli.no_group", language)
        for by, part in value.group.items()
    )
    name = " · ".join((metric_name(value.metric, language), *groups))
    st.dialog(esc(name, limit=120), width="medium")(_inside)(number, language)


def _inside(number: Number, language: str) -> None:
    with boundary():
        value = number.value
        st.markdown(esc(estimate(value, number.unit, language)))
        if follows := _follows(value, language):
            st.markdown(f"**{esc(follows)}**")
        st.markdown(
            "\n".join(f"- {line}" for line in formula_lines(value, number.limits, language))
        )
        st.table(
            pd.DataFrame([component_words(value, language)]),
            border="horizontal",
            hide_index=True,
            width="content",
            alt=t("channels.parts_alt", language),
        )
        rows_behind(value, number.filters, number.limits, language)


def _follows(value: Value, language: str) -> str:
    from crm_metrics.findings.lineage import follows_text  # noqa: PLC0415 - see `rows_behind`

    return follows_text(value, language)


def formula_lines(value: Value, limits: Limits, language: str, *, doubts: bool = True) -> list[str]:
    """Formula, base, how the interval is made, from which n to judge; safe as markdown.

    A value that was added from several kinds of data has the formula and the n of each. With
    `doubts` also what to keep in mind about this very value.
    """
    declared = metric_named(value.metric, value.grain)
    trap = f"metric.{value.metric}.trap"
    within = [getattr(limits, declared.limit)] if declared.limit else []
    return [
        *(_formula_of(value, grain, language) for grain in value.grains),
        *(t("cli.limit", language, limit=duration_text(one, language)) for one in within),
        t("channels.formula_base", language, base=variant_words(value.variant, language)),
        t(f"report.interval.{declared.kind}", language),
        t("channels.minimum_n", language, n=declared.minimum_n),
        *([t(trap, language)] if has(trap, language) else []),
        *(esc(words) for words in flags_text(value, language) if doubts),
    ]


def _formula_of(value: Value, grain: str, language: str) -> str:
    formula = metric_named(value.metric, grain).formula
    line = f"{esc(grain_word(grain, language))}: `{formula}`"
    if len(value.grains) < 2 or grain not in value.units:
        return line
    return f"{line}, {t('channels.n', language, n=integer_text(value.units[grain], language))}"


def component_words(value: Value, language: str) -> dict[str, str]:
    """The sums that make the value, by their names."""
    kind = metric_named(value.metric, value.grain).kind
    return {
        t(f"channels.part.{kind}.{name}", language): sum_text(number, language)
        for name, number in value.components.items()
        if has(f"channels.part.{kind}.{name}", language)
    }
