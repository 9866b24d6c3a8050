"""Counts hour by hour or day by day, each bar in its parts."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import color_scale, layered, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import NEUTRAL

_HEIGHT = 300


def course_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    lang: str,
    colors: Mapping[str, str],
    tips: Mapping[str, str],
    usual: float | None = None,
) -> alt.LayerChart:
    """Bars in the order of the frame, the parts of each on top of one another.

    `frame`: label (str: the hour or the day, as it stands on the axis), part (str, a key of
    `colors`, which name the parts from the bottom up), count (float, from 0), and the text columns
    of `tips`. `usual` is a height to draw a dashed line at. Raises UsageError where a column is
    missing.
    """
    require(frame, ("label", "part", "count"))
    order = {part: place for place, part in enumerate(colors)}
    frame = frame.assign(place=frame["part"].map(order))
    bars = (
        alt.Chart(frame)
        .mark_bar(opacity=0.9)
        .encode(
            x=alt.X(
                field="label",
                type="ordinal",
                sort=list(dict.fromkeys(frame["label"])),
                axis=alt.Axis(title=x_title, labelAngle=0, labelOverlap=True, grid=False),
            ),
            y=alt.Y(
                field="count",
                type="quantitative",
                stack="zero",
                axis=alt.Axis(title=y_title, tickCount=5),
            ),
            color=alt.Color(
                field="part",
                type="nominal",
                scale=color_scale(colors),
                legend=alt.Legend(title=None, symbolType="square") if len(colors) > 1 else None,
            ),
            order=alt.Order(field="place", type="quantitative"),
            tooltip=tooltips(frame, tips),
        )
    )
    layers = [bars]
    if usual is not None:
        rule = alt.Chart(pd.DataFrame({"count": [usual]})).mark_rule(
            color=NEUTRAL, strokeDash=[5, 4], strokeWidth=1.5
        )
        layers.append(rule.encode(y=alt.Y(field="count", type="quantitative", title=y_title)))
    return themed(layered(*layers).properties(title=titled(title), height=_HEIGHT), lang)
