"""A chosen metric in detail: who leads and what changed, its course, groups, hours, references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.findings.report import ChannelRow, Period
from crm_metrics.findings.wording import channel_name, flag_text, inside, metric_name
from crm_metrics.metrics.per_row import RATE_ONLY
from crm_metrics.texts import t
from crm_metrics.ui.address import choose, settle
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metric_search import metric_search
from crm_metrics.ui.metrics.apart import apart_line
from crm_metrics.ui.metrics.change import change_of, has_moved
from crm_metrics.ui.metrics.data import Seen, is_stated
from crm_metrics.ui.metrics.groups import ENTERED, groups_of
from crm_metrics.ui.metrics.hours import hours_of
from crm_metrics.ui.metrics.intervals import intervals_of, row_labels
from crm_metrics.ui.metrics.references import references_of
from crm_metrics.ui.metrics.split import split_of
from crm_metrics.ui.metrics.trend import step_choice, trend_of
from crm_metrics.ui.number_view import Number, component_words, formula_lines, number_button
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.words import variant_words

_MOST_FOUND = 4
_APART = ":"  # between a metric and its variant in the address


@st.fragment
def metric_section(seen: Seen, part: str, span: Period | None, language: str) -> None:
    """Draw a part of `PARTS` for the chosen metric; its trend and hours over `span`.

    Values are drawn beside each other only where their formula has the same base. A fragment: what
    is chosen here leaves the rest of the page as it is, but for the way into a group.
    """
    if st.session_state.pop(ENTERED, False):
        st.rerun()
    _section(seen, part, span, language)
    settle()


def _section(seen: Seen, part: str, span: Period | None, language: str) -> None:
    options = _options(seen)
    if not options:
        st.caption(t("channels.only_totals", language))
        return
    with st.container(horizontal=True, vertical_alignment="top", key="metric_bar"):
        chosen = one_of(
            "metric",
            t("channels.metric", language),
            options,
            lambda key: _option_words(key, seen, language),
            language=language,
        )
        with st.container(width=380):
            asked = metric_search(seen.metrics, language)
    _found(asked, options, chosen, language)
    metric, variant = chosen.split(_APART)
    rows = [row for row in seen.of(metric) if row.now.variant == variant]
    if not rows:
        _stated(seen, metric, language)
        return
    with boundary():
        PARTS[part](seen, rows, span, language)
    with boundary():
        _formula(seen, rows, language)


def _leaders(seen: Seen, rows: Sequence[ChannelRow], _: Period | None, language: str) -> None:
    """Who leads beside what changed, and why the total did."""
    both = len(rows) > 1 and has_moved(seen, rows)
    left, right = st.columns(2, gap="large") if both else (st.container(), st.container())
    with left, boundary():
        if len(rows) > 1:
            intervals_of(seen, rows, language)
            apart_line(rows, seen.filters, seen.limits, language)
        else:
            st.caption(t("channels.one_channel", language))
    with right, boundary():
        change_of(seen, rows, language)
    split_of(seen, rows, language)


def _course(seen: Seen, rows: Sequence[ChannelRow], span: Period | None, language: str) -> None:
    trend_of(seen, rows, span, step_choice(span, language), language)


def _groups(seen: Seen, rows: Sequence[ChannelRow], _: Period | None, language: str) -> None:
    groups_of(seen, rows, language)


def _references(seen: Seen, rows: Sequence[ChannelRow], _: Period | None, language: str) -> None:
    references_of(seen, rows, language)


_Part = Callable[[Seen, Sequence[ChannelRow], Period | None, str], None]
PARTS: Final[Mapping[str, _Part]] = {
    "leaders": _leaders,
    "course": _course,
    "groups": _groups,
    "hours": hours_of,
    "references": _references,
}


def _stated(seen: Seen, metric: str, language: str) -> None:
    """Rates that files state of single campaigns: each for itself, and none of them together."""
    st.caption(flag_text(RATE_ONLY, language))
    with boundary():
        groups_of(seen, seen.stated(metric), language)


def _options(seen: Seen) -> list[str]:
    """Metrics by the base of their formula, ranked; rates of single campaigns alone come last."""
    found: dict[str, list[ChannelRow]] = {}
    for row in seen.rows:
        if (row.now.value is not None or is_stated(row)) and row.kind != "total":
            found.setdefault(f"{row.metric}{_APART}{row.now.variant}", []).append(row)
    return sorted(found, key=lambda key: seen.rank(key.partition(_APART)[0], found[key]))


def _found(asked: Sequence[str], options: Sequence[str], chosen: str, language: str) -> None:
    """A button for each metric that was found by its name and can be drawn here."""
    names = {option.partition(_APART)[0]: option for option in reversed(options)}
    here = [names[key] for key in asked if key in names and names[key] != chosen]
    if not here:
        return
    with st.container(horizontal=True, key="metrics_found"):
        for option in here[:_MOST_FOUND]:
            name = metric_name(option.partition(_APART)[0], language)
            st.button(
                t("channels.show_metric", language, metric=esc(inside(name))),
                key=f"show_{option}",
                on_click=choose,
                args=("metric", [option]),
            )


def _option_words(key: str, seen: Seen, language: str) -> str:
    metric, variant = key.split(_APART)
    name = metric_name(metric, language)
    if len({row.now.variant for row in seen.of(metric)}) <= 1:
        return name
    return f"{name} ({variant_words(variant, language)})"


def _formula(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """How the number is made: formula, components of each channel, interval, what to beware of.

    Each channel's number opens from here to where it comes from.
    """
    metric = rows[0].metric
    title = t("channels.formula", language, metric=inside(metric_name(metric, language)))
    with st.expander(title, icon=":material/function:"):
        lines = [
            line
            for row in rows
            for line in formula_lines(row.now, seen.limits, language, doubts=False)
        ]
        st.markdown("\n".join(f"- {line}" for line in dict.fromkeys(lines)))
        named = t("channels.channel", language)
        st.table(
            pd.DataFrame(
                [
                    {
                        named: esc(channel_name(row.channel, language)),
                        **component_words(row.now, language),
                    }
                    for row in rows
                ]
            ).set_index(named),
            border="horizontal",
            width="content",
            alt=t("channels.parts_alt", language),
        )
        with st.container(horizontal=True, key="numbers"):
            for place, (label, row) in enumerate(
                zip(row_labels(rows, language), rows, strict=True)
            ):
                number = Number(row.now, row.unit, seen.filters, seen.limits)
                number_button(number, language, key=f"row_{place}", of=label)
