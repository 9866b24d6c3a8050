"""Who stays: the curve over cohorts, the cohorts themselves, and the times between purchases."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import curve_chart, grid_chart
from crm_metrics.findings.wording import estimate
from crm_metrics.metrics.cohorts import Cohort, Retention
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.overview import Customers
from crm_metrics.texts import integer_text, percent_text, t, value_text
from crm_metrics.ui.chart_words import interval_words, tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of, value_lines
from crm_metrics.ui.customers.cards import derived_cards
from crm_metrics.ui.escape import esc
from crm_metrics.ui.theme import ground

_SHOWN_COHORTS = 24
_LATER = 6


def retention_section(found: Customers, language: str) -> None:
    """Draw the sentence, the curve with its cohorts, and the cards on coming back."""
    kept, back = found.retention, found.returning
    if kept is None or back is None:
        return
    st.header(t("customers.retention_title", language))
    if kept.curve:
        _sentence(kept.curve, language)
        _curve(kept.curve, language)
        _cohorts(kept, language)
    else:
        st.caption(t("customers.no_curve", language))
    derived_cards((back.within, back.between, back.long_gap, back.churn), language, key="returning")
    if back.limit is not None:
        st.caption(t("customers.limit", language, days=integer_text(back.limit, language)))


def _sentence(curve: tuple[Value, ...], language: str) -> None:
    later = curve[min(_LATER, len(curve)) - 1]
    first = estimate(curve[0], "share", language)
    said = t("customers.retention_said", language, first=first)
    if later is not curve[0]:
        shown = value_text(later.value, "share", language)
        months = integer_text(float(later.group["age"] or 0), language)
        said += " " + t("customers.retention_later", language, later=shown, months=months)
    st.markdown(esc(said))


def _curve(curve: tuple[Value, ...], language: str) -> None:
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
