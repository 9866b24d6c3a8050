"""Weekdays by hours in one hue; cells on too few cases are left blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import hue, layered, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import NEUTRAL, Ground

_ROW = 34
_FRAME = 130
_EVERY = 3  # hours between two labels, so that a narrow page shows them whole


def heat_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    legend_title: str,
    lang: str,
    ground: Ground,
    days: Sequence[str],
    tips: Mapping[str, str],
) -> alt.LayerChart:
    """A cell a weekday and hour, coloured by its value; an hour without records has no cell.

    `frame`: day (str, of `days` in their order), hour (int, 0-23), value (float, in the unit that
    `legend_title` names), few (bool: too few cases to colour), and the text columns of `tips`.
    Raises UsageError where a column is missing.
    """
    require(frame, ("day", "hour", "value", "few"))
    hours = list(range(24))
    labels = alt.Axis(
        title=x_title,
        labelAngle=0,
        grid=False,
        values=[hour for hour in hours if hour % _EVERY == 0],
        labelOverlap=False,
    )
    place = {
        "x": alt.X(field="hour", type="ordinal", scale=alt.Scale(domain=hours), axis=labels),
        "y": alt.Y(
            field="day",
            type="nominal",
            scale=alt.Scale(domain=list(days)),
            axis=alt.Axis(title=None, grid=False),
        ),
        "tooltip": tooltips(frame, tips),
    }
    enough = (
        alt.Chart(frame[~frame["few"]])
        .mark_rect(cornerRadius=2, stroke=None)
        .encode(
            **place,
            color=hue(legend_title, ground, zero=False),
        )
    )
    few = (
        alt.Chart(frame[frame["few"]])
        .mark_rect(
            fill="transparent",
            stroke=NEUTRAL,
            strokeWidth=1,
            strokeDash=[2, 3],
            strokeOpacity=0.7,
            cornerRadius=2,
        )
        .encode(**place)
    )
    height = _FRAME + _ROW * len(days)
    return themed(layered(few, enough).properties(title=titled(title), height=height), lang)
