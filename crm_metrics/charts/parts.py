"""A change told apart by groups: what their own rates did, and what their shares did."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import color_scale, layered, line_at, require, tooltips
from crm_metrics.charts.locale import themed, titled

_ROW = 34
_FRAME = 116


def parts_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    lang: str,
    colors: Mapping[str, str],
    tips: Mapping[str, str],
) -> alt.LayerChart:
    """A bar a group and part, from zero to either side; the parts of a group lie end to end.

    `frame`: label (str: the group), part (str, of `colors`, its name in the legend), value (float,
    in the unit that `x_title` names), and the text columns of `tips`.
    Raises UsageError where a column is missing.
    """
    require(frame, ("label", "part", "value"))
    order = list(dict.fromkeys(frame["label"]))
    x = alt.X(
        field="value",
        type="quantitative",
        stack="zero",
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(title=x_title, tickCount=5),
    )
    bars = (
        alt.Chart(frame)
        .mark_bar(height={"band": 0.6})
        .encode(
            x=x,
            y=alt.Y(
                field="label",
                type="nominal",
                sort=order,
                axis=alt.Axis(title=None, grid=False),
            ),
            color=alt.Color(
                field="part",
                type="nominal",
                scale=color_scale(colors),
                legend=alt.Legend(title=None, symbolType="square"),
            ),
            tooltip=tooltips(frame, tips),
        )
    )
    height = _FRAME + _ROW * max(len(order), 1)
    return themed(
        layered(bars, line_at(0.0, x_title)).properties(title=titled(title), height=height), lang
    )
