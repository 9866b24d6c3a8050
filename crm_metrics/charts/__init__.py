"""A small frame becomes an Altair chart; labels, titles, units and tooltips are passed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_metrics.lazily import named

if TYPE_CHECKING:
    from crm_metrics.charts.answers import answers_chart
    from crm_metrics.charts.course import course_chart
    from crm_metrics.charts.curve import curve_chart
    from crm_metrics.charts.grid import grid_chart
    from crm_metrics.charts.heat import heat_chart
    from crm_metrics.charts.interval import difference_chart, interval_chart
    from crm_metrics.charts.locale import themed
    from crm_metrics.charts.palette import (
        NEUTRAL,
        NOTES,
        TONES,
        Ground,
        channel_color,
        series_colors,
    )
    from crm_metrics.charts.parts import parts_chart
    from crm_metrics.charts.rise import rise_chart
    from crm_metrics.charts.scale import Scale, display_scale
    from crm_metrics.charts.steps import funnel_chart, response_chart
    from crm_metrics.charts.trend import trend_chart

__all__ = [
    "NEUTRAL",
    "NOTES",
    "TONES",
    "Ground",
    "Scale",
    "answers_chart",
    "channel_color",
    "course_chart",
    "curve_chart",
    "difference_chart",
    "display_scale",
    "funnel_chart",
    "grid_chart",
    "heat_chart",
    "interval_chart",
    "parts_chart",
    "response_chart",
    "rise_chart",
    "series_colors",
    "themed",
    "trend_chart",
]

__getattr__ = named(
    __name__,
    {
        "crm_metrics.charts.answers": "answers_chart",
        "crm_metrics.charts.course": "course_chart",
        "crm_metrics.charts.curve": "curve_chart",
        "crm_metrics.charts.grid": "grid_chart",
        "crm_metrics.charts.heat": "heat_chart",
        "crm_metrics.charts.interval": "difference_chart interval_chart",
        "crm_metrics.charts.locale": "themed",
        "crm_metrics.charts.palette": "NEUTRAL NOTES TONES Ground channel_color series_colors",
        "crm_metrics.charts.parts": "parts_chart",
        "crm_metrics.charts.rise": "rise_chart",
        "crm_metrics.charts.scale": "Scale display_scale",
        "crm_metrics.charts.steps": "funnel_chart response_chart",
        "crm_metrics.charts.trend": "trend_chart",
    },
)
