"""Shares that rise with time from a beginning, in steps, a line and a band a series."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import layered, measure, require, series, tooltips
from crm_metrics.charts.locale import themed, titled

_HEIGHT = 330


def rise_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    lang: str,
    colors: Mapping[str, str],
    tips: Mapping[str, str],
    stretched: bool = False,
) -> alt.LayerChart:
    """One line a series that rises at the moments of the frame and is level between them.

    `frame`: label (str, a key of `colors`), time (float, from 0, in the unit that `x_title` names),
    value, low, high (float or null, in the unit that `y_title` names), and the text columns of
    `tips`. `stretched` gives more room to the beginning of the axis (square roots). Raises
    UsageError where a column is missing.
    """
    require(frame, ("label", "time", "value", "low", "high"))
    x = alt.X(
        field="time",
        type="quantitative",
        scale=alt.Scale(type="sqrt" if stretched else "linear", nice=False, domainMin=0),
        axis=alt.Axis(title=x_title, tickCount=8, labelOverlap=True, grid=False),
    )
    base = alt.Chart(frame).encode(x=x, color=series(colors))
    value = measure("value", y_title)
    layers = [
        base.mark_area(opacity=0.16, line=False, interpolate="step-after").encode(
            y=measure("low", y_title), y2=alt.Y2(field="high")
        ),
        base.mark_line(strokeWidth=2, interpolate="step-after").encode(y=value),
        base.mark_point(size=60, opacity=0).encode(y=value, tooltip=tooltips(frame, tips)),
    ]
    return themed(layered(*layers).properties(title=titled(title), height=_HEIGHT), lang)
