"""Values with their intervals on one axis: dots with whiskers, sorted; and differences to zero."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from crm_metrics.charts.frames import color_scale, layered, line_at, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import NOTES, TONES, Ground

_ROW = 38
_DENSE_ROW = 22
_FRAME = 84
_LABEL = 16
_NEAR = 0.1


def interval_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    lang: str,
    colors: Mapping[str, str],
    tips: Mapping[str, str],
    ground: Ground = "light",
    reference: float | None = None,
    reference_label: str = "",
    goal: float | None = None,
    goal_label: str = "",
    from_zero: bool = False,
    ordered: bool = False,
    dense: bool = False,
) -> alt.LayerChart:
    """Dots with whiskers, the largest value on top; an average and a goal as thin lines.

    `frame`: key (str, of `colors`), label (str), value (float), low and high (float or null: a
    dot without whiskers), in the unit that `x_title` names; and the text columns that `tips`
    titles. `ordered` keeps the frame's order (arms of a test); `dense` is for many rows. Rows
    without a value are left out: the page says why. Raises UsageError where a column is missing.
    """
    require(frame, ("key", "label", "value", "low", "high"))
    drawn = frame[frame["value"].notna()].reset_index(drop=True)
    if not ordered:
        drawn = drawn.sort_values("value", ascending=False, kind="stable")
    base = alt.Chart(drawn).encode(
        y=_labels(drawn),
        color=alt.Color(field="key", type="nominal", scale=color_scale(colors), legend=None),
        tooltip=tooltips(drawn, tips),
    )
    # Room around the dots would show amounts below nothing.
    by_zero = from_zero or _begins_by_zero(drawn)
    scale = alt.Scale(zero=by_zero, nice=True, padding=0 if by_zero else 14)
    layers = _dots(base, drawn, x_title, scale)
    lines = [
        (value, label, dash)
        for value, label, dash in ((goal, goal_label, (1, 0)), (reference, reference_label, (5, 4)))
        if value is not None
    ]
    for place, (value, label, dash) in enumerate(lines):
        layers.insert(0, _reference(value, label, x_title, ground, dash=dash, place=place))
    row = _DENSE_ROW if dense else _ROW
    height = _FRAME + row * max(len(drawn), 1) + _LABEL * len(lines)
    return themed(layered(*layers).properties(title=titled(title), height=height), lang)


def difference_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    lang: str,
    ground: Ground,
    tips: Mapping[str, str],
    threshold: float | None = None,
) -> alt.LayerChart:
    """Differences to a base with their intervals, and the line of no difference at zero.

    `frame`: label (str), value, low, high (float or null) in the unit that `x_title` names, tone
    ("good", "bad" or "unclear": what the interval and the direction say together), and the text
    columns of `tips`. `threshold` draws the smallest difference that matters, dotted.
    Raises UsageError where a column is missing.
    """
    require(frame, ("label", "value", "low", "high", "tone"))
    drawn = frame[frame["value"].notna()].reset_index(drop=True)
    base = alt.Chart(drawn).encode(
        y=_labels(drawn),
        color=alt.Color(
            field="tone", type="nominal", scale=color_scale(TONES[ground]), legend=None
        ),
        tooltip=tooltips(drawn, tips),
    )
    # Zero is the question of this chart, so it is always in sight.
    scale = alt.Scale(zero=True, nice=True, padding=14)
    layers = [
        line_at(0.0, x_title),
        base.mark_rule(strokeWidth=2).encode(x=_measure("low", x_title, scale), x2=_end("high")),
        base.mark_point(filled=True, size=110, opacity=1).encode(
            x=_measure("value", x_title, scale)
        ),
    ]
    if threshold is not None:
        layers.insert(1, line_at(threshold, x_title, dash=(2, 3)))
    height = _FRAME + _ROW * max(len(drawn), 1)
    return themed(layered(*layers).properties(title=titled(title), height=height), lang)


def _dots(
    base: alt.Chart, frame: pd.DataFrame, x_title: str, scale: alt.Scale
) -> list[alt.Chart | alt.LayerChart]:
    """Whiskers, where any value has them, and dots over them."""
    dots = base.mark_point(filled=True, size=110, opacity=1)
    layers: list[alt.Chart | alt.LayerChart] = [dots.encode(x=_measure("value", x_title, scale))]
    if frame["low"].notna().any():
        whiskers = base.mark_rule(strokeWidth=2)
        layers.insert(0, whiskers.encode(x=_measure("low", x_title, scale), x2=_end("high")))
    return layers


def _begins_by_zero(drawn: pd.DataFrame) -> bool:
    """Whether nothing is negative, and the smallest stands nearer to 0 than dots have room."""
    ends = drawn[["value", "low", "high"]].to_numpy(float, na_value=np.nan)
    known = ends[~np.isnan(ends)]
    return bool(len(known) and 0 <= known.min() < _NEAR * np.ptp(known))


def _labels(frame: pd.DataFrame) -> alt.Y:
    order = list(dict.fromkeys(frame["label"]))
    return alt.Y(field="label", type="nominal", sort=order, axis=alt.Axis(title=None, grid=False))


def _measure(column: str, title: str, scale: alt.Scale) -> alt.X:
    axis = alt.Axis(title=title, tickCount=5)
    return alt.X(field=column, type="quantitative", scale=scale, axis=axis)


def _end(column: str) -> alt.X2:
    return alt.X2(field=column)


def _reference(
    value: float, label: str, x_title: str, ground: Ground, *, dash: tuple[int, int], place: int
) -> alt.LayerChart:
    """A line with its label above the axes; labels of several lines stand over each other."""
    line = line_at(value, x_title, dash=dash)
    text = (
        alt.Chart(pd.DataFrame({"value": [value], "label": [label]}))
        .mark_text(
            align="center",
            baseline="bottom",
            dy=-4 - _LABEL * place,
            color=NOTES[ground],
            fontSize=12,
        )
        .encode(
            x=alt.X(field="value", type="quantitative", title=x_title),
            y=alt.value(0),
            text=alt.Text(field="label", type="nominal"),
        )
    )
    return layered(line, text)
