"""Deals: what was won, where the open ones stand, what they may bring, and who differs."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import funnel_chart
from crm_metrics.charts.palette import TONES
from crm_metrics.findings.deals import (
    ASKED,
    deal_sentences,
    funnel_note,
    odd_sentences,
)
from crm_metrics.metrics.deals import Selling, Stage, selling
from crm_metrics.metrics.goals import read_goals
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Filters, Value
from crm_metrics.texts import decimal_text, integer_text, money_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.address import keep, kept, widget_key
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.choices import choices
from crm_metrics.ui.customers.deals_by import deals_by
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import derived_cards
from crm_metrics.ui.metrics.derived_view import open_derived
from crm_metrics.ui.state import workspace
from crm_metrics.ui.theme import ground

_STAGES = "stages"


def deals_headline(seen: Seen, language: str) -> None:
    """Draw what the deals answer, in sentences and the cards of what lies ahead."""
    found = known_deals(seen)
    if found is None:
        st.caption(t("deals.none", language))
        return
    said = deal_sentences(found, known_values(seen), language)
    st.markdown("\n".join(f"- {esc(one, limit=900)}" for one in said))
    told = found.forecast
    main = [told.amount if told.amount else told.deals] if told else []
    values = (*main, found.backtest.value, found.coverage)
    derived_cards(values, language, key="deals", behind=_behind(seen))


def deals_section(seen: Seen, language: str) -> None:
    """Draw the answer where it does not lead the page, the funnel, groups, and what is odd."""
    if "orders" in choices().grains:
        st.subheader(t("deals.title", language))
        deals_headline(seen, language)
    found = known_deals(seen)
    if found is None:
        return
    if found.funnel.stages:
        _funnel(found, seen, language)
    deals_by(seen, language)
    odd = odd_sentences(found, language)
    if odd:
        with st.expander(t("deals.odd_title", language), icon=":material/info:"):
            st.markdown("\n".join(f"- {esc(one)}" for one in odd))


def known_deals(seen: Seen) -> Selling | None:
    """What the deals tell under the page's filters, in the user's order of stages."""
    return cached.asked(
        selling, seen.filters, stages=tuple(kept(_STAGES)), target=_target(seen.filters)
    )


def _behind(seen: Seen) -> Behind:
    return Behind(seen.filters, stages=tuple(kept(_STAGES)))


def known_values(seen: Seen) -> dict[str, Value]:
    """The catalogue's metrics that the sentences tell, all channels together."""
    result = cached.compute(ASKED, filters=seen.filters, limits=seen.limits)
    return {value.metric: value for value in result.values}  # noqa: PD011 - no frame


def _target(filters: Filters) -> float | None:
    """What the period should bring: the goal of the amount won, for all channels together."""
    goals = [one for one in read_goals(workspace().folder) if one.metric == "won_amount"]
    found = next((one for one in goals if one.channel is None and not one.relative), None)
    of_all = not filters.channels and filters.segment is None
    return found.target if found and of_all else None


def _funnel(found: Selling, seen: Seen, language: str) -> None:
    st.subheader(t("deals.funnel_title", language))
    stages = found.funnel.stages
    frame = pd.DataFrame(
        [
            {
                "label": one.name,
                "count": one.open,
                "text": _beside(one, language),
                "value_text": integer_text(one.open, language),
            }
            for one in stages
        ]
    )
    most = max(stages, key=lambda one: one.open)
    chart = spec_of(
        funnel_chart,
        frame,
        title=t("deals.funnel_chart", language),
        x_title=t("deals.axis_deals", language),
        lang=language,
        color=TONES[ground()]["accent"],
        ground=ground(),
        tips=tip_titles(language, "value_text"),
    )
    charted(
        chart,
        lambda: _lines(found, language),
        language,
        alt=t("deals.funnel_alt", language, n=integer_text(most.open, language), stage=most.name),
        key="deals_funnel",
        name="deals_funnel",
    )
    st.caption(esc(funnel_note(found, language), limit=900))
    went_on = [one.went_on for one in stages if one.went_on is not None]
    label = t("deals.stage", language)
    open_derived(went_on, _behind(seen), language, label=label, key="deals_stage")
    _order(found, language)


def _beside(one: Stage, language: str) -> str:
    parts = [integer_text(one.open, language)]
    if one.age is not None:
        parts.append(t("deals.days_short", language, n=decimal_text(one.age, language, 0)))
    if one.went_on is not None and one.went_on.value is not None:
        parts.append(percent_text(one.went_on.value, language))
    return " · ".join(parts)


def _order(found: Selling, language: str) -> None:
    """Ask for the order of stages; it counts once all of them are named."""
    names = found.funnel.names
    key = widget_key(_STAGES)
    st.multiselect(
        t("deals.order", language),
        sorted(names),  # the same whatever the order is, or the choice would begin anew
        default=[name for name in kept(_STAGES) if name in names] or list(names),
        key=key,
        help=t("deals.order_help", language),
        on_change=_keep_order,
        args=(key,),
    )


def _keep_order(key: str) -> None:
    """Callback: the funnel above is drawn in the order that was chosen."""
    keep(_STAGES, st.session_state[key])


def _lines(found: Selling, language: str) -> Lines:
    told = found.funnel.told != "snapshot"
    names = ("stage", "open", "amount", "age", "went_on" if told else "reached", "chance")
    titles = tuple(t(f"deals.{name}", language) for name in names)
    chances = {one.stage: one for one in (found.forecast.chances if found.forecast else ())}
    shown, cells = [], []
    for one in found.funnel.stages:
        chance = chances.get(one.name)
        rate = one.went_on.value if one.went_on else None
        passed = (
            percent_text(rate, language)
            if told
            else t(
                "deals.between",
                language,
                low=percent_text(one.at_least, language),
                high=percent_text(one.at_most, language),
            )
        )
        shown.append(
            (
                one.name,
                integer_text(one.open, language),
                money_text(one.amount, language, found.currency) if one.amount else "—",
                "—" if one.age is None else decimal_text(one.age, language, 0),
                passed,
                percent_text(chance.value, language) if chance else t("deals.no_chance", language),
            )
        )
        cells.append(
            (
                one.name,
                one.open,
                one.amount,
                one.age,
                rate if told else one.at_least,
                chance.value if chance else None,
            )
        )
    return Lines(titles=titles, shown=tuple(shown), columns=titles, cells=tuple(cells))
