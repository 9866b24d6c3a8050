"""The effect by day: how the difference settled, and each day on its own."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import series_colors, trend_chart
from crm_metrics.experiments.beside import DayArms
from crm_metrics.experiments.by_day import ByDay, by_day
from crm_metrics.experiments.model import Comparison, Finding
from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.texts import date_text, decimal_text, integer_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import spec_of
from crm_metrics.ui.experiments.axes import axis_title, scale_of
from crm_metrics.ui.theme import ground


def days_section(finding: Finding, days: Sequence[DayArms], language: str) -> None:
    """The difference of all days so far with its range, and the versions day by day."""
    setup = finding.setup
    arm = str(finding.params.get("arm", finding.comparisons[0].arm))
    found = by_day(setup.shape, days, arm, direction=setup.direction, alpha=setup.alpha)
    if found is None:
        st.info(t("experiments.days_one", language), icon=":material/event:")
        return
    if found.fades:
        st.warning(t("gate.fading", language, arm=arm), icon=":material/trending_down:")
    if not found.whole_weeks:
        st.caption(t("experiments.days_weeks", language))
    _so_far(finding, found, language)
    _each(finding, found, language)
    st.caption(t("experiments.days_note", language))


def _so_far(finding: Finding, found: ByDay, language: str) -> None:
    title = t("experiments.days_so_far", language, arm=found.arm, control=finding.setup.control)
    rows = [
        _point(finding, found.arm, day.so_far, language)
        | {"date": pd.Timestamp(day.day), "date_text": date_text(day.day, language)}
        for day in found.days
    ]
    chart = spec_of(
        trend_chart,
        pd.DataFrame(rows),
        title=title,
        x_title=t("experiments.days_axis", language),
        y_title=axis_title(finding, language, gap=True),
        lang=language,
        colors={found.arm: _colors(finding)[found.arm]},
        tips=tip_titles(language, "date_text", "value_text", "interval_text"),
    )
    last = rows[-1]
    alt = t(
        "experiments.days_alt", language, value=last["value_text"], between=last["interval_text"]
    )
    st.vega_lite_chart(chart, alt=alt, key="experiment_days")


def _each(finding: Finding, found: ByDay, language: str) -> None:
    scale = scale_of(finding)
    rows = []
    for day in found.days:
        for arm in day.arms:
            value, low, high = (
                None if number is None else scale * number
                for number in (arm.value, arm.low, arm.high)
            )
            rows.append(
                {
                    "key": arm.name,
                    "label": arm.name,
                    "date": pd.Timestamp(day.day),
                    "value": value,
                    "low": low,
                    "high": high,
                    "partial": False,
                    "date_text": date_text(day.day, language),
                    "value_text": decimal_text(value, language),
                    "n_text": integer_text(arm.n, language),
                }
            )
    chart = spec_of(
        trend_chart,
        pd.DataFrame(rows),
        title=t("experiments.days_each", language),
        x_title=t("experiments.days_axis", language),
        y_title=axis_title(finding, language),
        lang=language,
        colors=_colors(finding),
        tips=tip_titles(language, "label", "date_text", "value_text", "n_text"),
    )
    st.vega_lite_chart(
        chart, alt=t("experiments.days_each_alt", language), key="experiment_each_day"
    )


def _point(finding: Finding, arm: str, item: Comparison, language: str) -> dict[str, object]:
    scale = scale_of(finding)
    value, low, high = (
        None if number is None else scale * number
        for number in (item.difference, item.difference_low, item.difference_high)
    )
    low_text, high_text = (decimal_text(end, language) for end in (low, high))
    return {
        "key": arm,
        "label": arm,
        "value": value,
        "low": low,
        "high": high,
        "partial": False,
        "value_text": decimal_text(value, language),
        "interval_text": between_text(low_text, high_text, language),
    }


def _colors(finding: Finding) -> dict[str, str]:
    return dict(series_colors([arm.name for arm in finding.arms], ground()))
