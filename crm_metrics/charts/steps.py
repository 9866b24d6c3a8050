"""Counts in an order: a funnel with the share of the step before, answers by their delay."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import color_scale, layered, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import NEUTRAL, NOTES, TONES, Ground

_ROW = 44
_FRAME = 96
_SHORT = 3  # letters of a label that needs no slant


def funnel_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    lang: str,
    color: str,
    ground: Ground,
    tips: Mapping[str, str],
) -> alt.LayerChart:
    """Horizontal bars from the first step down, each with its count and share of the step before.

    `frame`: label (str), count (float), text (str, beside the bar), and the text columns of
    `tips`; in the order of the steps. Raises UsageError where a column is missing.
    """
    require(frame, ("label", "count", "text"))
    # Room at the right for the text beside the longest bar, on a narrow page too.
    top = float(frame["count"].max()) if len(frame) else 1.0
    scale = alt.Scale(domain=[0, top * 1.5 or 1.0], nice=False)
    base = alt.Chart(frame).encode(
        y=alt.Y(
            field="label",
            type="nominal",
            sort=list(frame["label"]),
            axis=alt.Axis(title=None, grid=False),
        ),
        x=alt.X(
            field="count",
            type="quantitative",
            scale=scale,
            axis=alt.Axis(title=x_title, tickCount=4),
        ),
        tooltip=tooltips(frame, tips),
    )
    bars = base.mark_bar(color=color, cornerRadiusEnd=3, height={"band": 0.62})
    texts = base.mark_text(align="left", baseline="middle", dx=8, color=NOTES[ground]).encode(
        text=alt.Text(field="text", type="nominal")
    )
    height = _FRAME + _ROW * max(len(frame), 1)
    return themed(layered(bars, texts).properties(title=titled(title), height=height), lang)


def response_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str,
    lang: str,
    ground: Ground,
    tips: Mapping[str, str],
    last_within: str | None,
    limit_label: str = "",
) -> alt.LayerChart:
    """How long people waited, by classes of delay, with the limit as a line between two classes.

    `frame`: label (str: the class, in order, the unanswered last), share (float, 0-100), tone
    ("good" within the limit, "bad" over it, "unclear" too young to say), and the text columns of
    `tips`. `last_within` is the label of the last class within the limit (None: no line).
    Raises UsageError where a column is missing.
    """
    require(frame, ("label", "share", "tone"))
    order = list(frame["label"])
    bars = (
        alt.Chart(frame)
        .mark_bar(cornerRadiusEnd=3, opacity=0.85)
        .encode(
            x=_classes(order, x_title),
            y=alt.Y(
                field="share",
                type="quantitative",
                scale=alt.Scale(zero=True, nice=True),
                axis=alt.Axis(title=y_title, tickCount=5),
            ),
            color=alt.Color(
                field="tone", type="nominal", scale=color_scale(TONES[ground]), legend=None
            ),
            tooltip=tooltips(frame, tips),
        )
    )
    layers = [bars]
    if last_within is not None:
        layers.append(_limit(last_within, limit_label, order, x_title, ground))
    return themed(layered(*layers).properties(title=titled(title), height=340), lang)


def _classes(order: list[str], title: str, position: float = 0.5) -> alt.X:
    short = max(map(len, order), default=0) <= _SHORT
    axis = alt.Axis(title=title, labelAngle=0 if short else -35, labelOverlap=False, grid=False)
    return alt.X(field="label", type="nominal", sort=order, axis=axis, bandPosition=position)


def _limit(last: str, label: str, order: list[str], x_title: str, ground: Ground) -> alt.LayerChart:
    base = alt.Chart(pd.DataFrame({"label": [last], "text": [label]})).encode(
        x=_classes(order, x_title, position=1)
    )
    rule = base.mark_rule(color=NEUTRAL, strokeDash=[5, 4], strokeWidth=1.5)
    text = base.mark_text(align="left", baseline="top", dx=6, dy=-12, color=NOTES[ground]).encode(
        y=alt.value(0), text=alt.Text(field="text", type="nominal")
    )
    return layered(rule, text)
