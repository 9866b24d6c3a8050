"""A value over time with its band: gaps where data are missing, hollow points where incomplete."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import (
    color_scale,
    layered,
    measure,
    require,
    series,
    tooltips,
)
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import NEUTRAL

_HEIGHT = 330


def trend_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    lang: str,
    colors: Mapping[str, str],
    tips: Mapping[str, str],
    marks: pd.DataFrame | None = None,
    from_zero: bool = True,
) -> alt.LayerChart:
    """Lines with their bands, one per series.

    `frame`: key and label (str: the series, its name in the legend), date (datetime64: the start
    of the step), value, low, high (float or null, in the unit that `y_title` names), partial
    (bool: the data do not cover the whole step), and the text columns of `tips`. A step without a
    value must stand in the frame as null: there the line breaks; a point between two gaps has
    whiskers in place of a band. `marks`: date, label; a thin
    line each (a file boundary, a changed definition). Raises UsageError where a column is missing.
    """
    require(frame, ("key", "label", "date", "value", "low", "high", "partial"))
    names = dict(zip(frame["key"], frame["label"], strict=True))
    by_label = {names[key]: color for key, color in colors.items() if key in names}
    frame = frame.assign(alone=_alone(frame))
    x = alt.X(
        field="date",
        type="temporal",
        scale=alt.Scale(padding=10),
        axis=_time_axis(x_title, frame, lang),
    )
    base = alt.Chart(frame).encode(x=x, color=series(by_label))
    layers = [
        base.mark_area(opacity=0.16, line=False).encode(
            y=measure("low", y_title, from_zero=from_zero), y2=alt.Y2(field="high")
        ),
        base.mark_line(strokeWidth=2).encode(y=measure("value", y_title, from_zero=from_zero)),
        base.mark_point(size=46, strokeWidth=2, opacity=1).encode(
            y=measure("value", y_title, from_zero=from_zero),
            fill=alt.condition(
                "datum.partial",
                alt.value("transparent"),
                alt.Color(field="label", type="nominal", scale=color_scale(by_label), legend=None),
            ),
            tooltip=tooltips(frame, tips),
        ),
    ]
    if frame["alone"].any():
        whiskers = base.transform_filter("datum.alone").mark_rule(strokeWidth=2, opacity=0.5)
        low = measure("low", y_title, from_zero=from_zero)
        layers.insert(1, whiskers.encode(y=low, y2=alt.Y2(field="high")))
    if marks is not None and len(marks):
        layers.insert(0, _marks(marks))
    return themed(layered(*layers).properties(title=titled(title), height=_HEIGHT), lang)


def _alone(frame: pd.DataFrame) -> pd.Series:
    """Points without a neighbour in their series, for which no band can be drawn."""
    known = frame["value"].notna()
    own = known.groupby(frame["key"])
    beside = own.shift(1, fill_value=False) | own.shift(-1, fill_value=False)
    return known & ~beside


def _time_axis(title: str, frame: pd.DataFrame, lang: str) -> alt.Axis:
    days = (frame["date"].max() - frame["date"].min()).days if len(frame) else 0
    day = "%d.%m" if lang == "ru" else "%b %-d"
    shown = "%b %Y" if days > 150 else day
    return alt.Axis(title=title, format=shown, tickCount=6, labelOverlap=True, grid=False)


def _marks(marks: pd.DataFrame) -> alt.Chart:
    require(marks, ("date", "label"))
    return (
        alt.Chart(marks)
        .mark_rule(color=NEUTRAL, strokeDash=[2, 3])
        .encode(
            x=alt.X(field="date", type="temporal"),
            tooltip=[alt.Tooltip(field="label", type="nominal", title=" ")],
        )
    )
