"""A share by steps after a beginning, with its band."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import TICKS, layered, measure, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import TONES, Ground

_HEIGHT = 300


def curve_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    lang: str,
    ground: Ground,
    tips: Mapping[str, str],
) -> alt.LayerChart:
    """One line from step to step, its interval as a band.

    `frame`: step (int), value, low, high (float or null, in the unit that `y_title` names), and the
    text columns of `tips`. Raises UsageError where a column is missing.
    """
    require(frame, ("step", "value", "low", "high"))
    color = TONES[ground]["accent"]
    x = alt.X(
        field="step",
        type="quantitative",
        scale=alt.Scale(nice=False, padding=12),
        axis=alt.Axis(title=x_title, tickMinStep=1, format="d", grid=False),
    )

    def y(field: str) -> alt.Y:
        # A number of ticks that follows the height changes it, and the title would be cut.
        return measure(field, y_title, nice=TICKS)

    base = alt.Chart(frame).encode(x=x)
    layers = [
        base.mark_area(opacity=0.16, line=False, color=color).encode(
            y=y("low"), y2=alt.Y2(field="high")
        ),
        base.mark_line(strokeWidth=2, color=color).encode(y=y("value")),
        base.mark_point(size=46, filled=True, opacity=1, color=color).encode(
            y=y("value"), tooltip=tooltips(frame, tips)
        ),
    ]
    return themed(layered(*layers).properties(title=titled(title), height=_HEIGHT), lang)
