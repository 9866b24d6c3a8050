"""How answers are spread over a scale: one bar a question, a segment a score."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import layered, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import GROUNDS, Ground

_ROW = 62
_FRAME = 130
_WIDE = 6.0  # per cent of a bar from which its score has room inside


def answers_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    lang: str,
    colors: Mapping[str, str],
    names: Mapping[str, str],
    tips: Mapping[str, str],
    ground: Ground = "light",
) -> alt.LayerChart:
    """A bar a question from the worst score to the best, each segment with its score inside.

    `frame`: label (str: the question on lines apart by a line feed, its rows together), tone (str,
    of `colors`; its word in the legend by `names`), start and end (float, per cent of the
    question's answers), step (str: the score), and the text columns of `tips`. Raises UsageError
    where a column is missing.
    """
    require(frame, ("label", "tone", "start", "end", "step"))
    drawn = frame.assign(tone=frame["tone"].map(names), middle=(frame["start"] + frame["end"]) / 2)
    order = list(dict.fromkeys(drawn["label"]))
    scale = alt.Scale(
        domain=[names[tone] for tone in colors], range=[colors[tone] for tone in colors]
    )
    # Long questions stand on several lines.
    names_axis = alt.Axis(
        title=None, grid=False, labelExpr="split(datum.label, '\\n')", labelLimit=0
    )
    y = alt.Y(field="label", type="nominal", sort=order, axis=names_axis)
    axis = alt.Axis(title=x_title, tickCount=5)
    bounds = alt.Scale(domain=[0, 100], nice=False)
    bars = (
        alt.Chart(drawn)
        .mark_bar(height={"band": 0.6}, stroke=GROUNDS[ground], strokeWidth=1)
        .encode(
            x=alt.X(field="start", type="quantitative", scale=bounds, axis=axis),
            x2=alt.X2(field="end"),
            y=y,
            color=alt.Color(
                field="tone",
                type="nominal",
                scale=scale,
                legend=alt.Legend(title=None, symbolType="square", orient="bottom"),
            ),
            tooltip=tooltips(drawn, tips),
        )
    )
    wide = drawn[drawn["end"] - drawn["start"] >= _WIDE]
    words = (
        alt.Chart(wide)
        .mark_text(color=GROUNDS[ground], fontSize=12)
        .encode(
            x=alt.X(field="middle", type="quantitative", scale=bounds, axis=axis),
            y=y,
            text=alt.Text(field="step", type="nominal"),
        )
    )
    height = _FRAME + _ROW * max(len(order), 1)
    return themed(layered(bars, words).properties(title=titled(title), height=height), lang)
