"""Who stays: the curve over cohorts, the cohorts themselves, and the times between purchases."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import curve_chart, grid_chart
from crm_metrics.metrics.cohorts import Cohort, Retention
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Value
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui.chart_words import interval_words, tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of, value_lines
from crm_metrics.ui.customers.about import about, account
from crm_metrics.ui.customers.asked import known_customers
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import derived_cards
from crm_metrics.ui.metrics.derived_view import open_derived
from crm_metrics.ui.theme import ground

_SHOWN_COHORTS = 24


def retention_section(seen: Seen, language: str) -> None:
    """Draw the cohorts, the cards on coming back, and what of the orders does not count."""
    found = known_customers(seen)
    kept, back = found.retention, found.returning
    st.subheader(t("customers.retention_title", language))
    if kept is None or back is None:
        about(found, language)
        return
    _cohorts(kept, language)
    values = (back.within, back.between, back.long_gap)
    behind = Behind(seen.filters)
    derived_cards(values, language, key="returning", behind=behind, moved=found.moved)
    if back.limit is not None:
        st.caption(t("customers.limit", language, days=integer_text(back.limit, language)))
    account(found, language)


def curve(kept: Retention, seen: Seen, language: str) -> None:
    """Draw the share that orders again by months after the first order, over all cohorts."""
    if kept.curve:
        _curve(kept.curve, seen, language)
    else:
        st.caption(t("customers.no_curve", language))


def _curve(curve: tuple[Value, ...], seen: Seen, language: str) -> None:
    frame = pd.DataFrame(
        [
            {
                "step": int(value.group["age"] or 0),
                "value": 100 * (value.value or 0.0),
                "low": 100 * (value.low or 0.0),
                "high": 100 * (value.high or 0.0),
                "label": value.group["age"],
                "value_text": percent_text(value.value, language),
                "interval_text": interval_words(value, "share", language),
                "n_text": integer_text(value.n, language),
            }
            for value in curve
        ]
    )
    chart = spec_of(
        curve_chart,
        frame,
        title=t("customers.curve_chart", language),
        x_title=t("customers.axis_age", language),
        y_title=t("customers.axis_share", language),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "value_text", "interval_text", "n_text"),
    )
    named = [((str(value.group["age"]),), value) for value in curve]
    charted(
        chart,
        lambda: value_lines(named, (t("customers.axis_age", language),), "share", language),
        language,
        alt=t(
            "customers.curve_alt",
            language,
            first=percent_text(curve[0].value, language),
            last=percent_text(curve[-1].value, language),
            months=integer_text(float(len(curve)), language),
        ),
        key="retention",
        name="retention",
    )
    label = t("customers.axis_age", language)
    open_derived(curve, Behind(seen.filters), language, label=label, key="retention_curve")


def _cohorts(kept: Retention, language: str) -> None:
    shown = kept.cohorts[-_SHOWN_COHORTS:]
    cells = [(one, cell) for one in shown for cell in one.cells if cell.value is not None]
    if not cells:
        return
    frame = pd.DataFrame(
        [
            {
                "row": _month(one),
                "column": cell.group["age"],
                "value": 100 * (cell.value or 0.0),
                "label": _month(one),
                "value_text": percent_text(cell.value, language),
                "interval_text": interval_words(cell, "share", language),
                "n_text": integer_text(cell.n, language),
            }
            for one, cell in cells
        ]
    )
    ages = [str(age) for age in range(1, max(len(one.cells) for one in shown) + 1)]
    chart = spec_of(
        grid_chart,
        frame,
        title=t("customers.cohorts_chart", language),
        x_title=t("customers.axis_age", language),
        y_title=None,  # the chart's title says it; two cohorts leave no room for it
        legend_title=t("customers.axis_share", language),
        rows=list(dict.fromkeys(_month(one) for one, _ in cells)),
        columns=ages,
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
    )
    charted(
        chart,
        lambda: _cohort_lines(kept.cohorts, ages, language),
        language,
        alt=t("customers.cohorts_alt", language, count=integer_text(len(shown), language)),
        key="cohorts",
        name="cohorts",
    )
    st.caption(t("customers.future", language))


def _cohort_lines(cohorts: tuple[Cohort, ...], ages: list[str], language: str) -> Lines:
    titles = (t("customers.axis_cohort", language), t("customers.size", language), *ages)
    return Lines(
        titles=titles,
        shown=tuple(
            (
                _month(one),
                integer_text(one.size, language),
                *(
                    "" if cell.value is None else percent_text(cell.value, language)
                    for cell in one.cells
                ),
            )
            for one in cohorts
        ),
        columns=titles,
        cells=tuple(
            (_month(one), one.size, *(cell.value for cell in one.cells)) for one in cohorts
        ),
    )


def _month(one: Cohort) -> str:
    return f"{one.month:%Y-%m}"
