"""What charts share: the check of their frame, ready texts of tooltips, colours, lines, layers."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from crm_metrics.charts.palette import HEAT, NEUTRAL, Ground
from crm_metrics.errors import UsageError

TICKS = 5


def require(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    """Raise UsageError where the frame lacks a column that the chart draws."""
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        raise UsageError("chart_columns", columns=", ".join(lacking))


def tooltips(frame: pd.DataFrame, titles: Mapping[str, str]) -> list[alt.Tooltip]:
    """A tooltip line per column of `titles`, in order; texts are made by the caller.

    Raises UsageError where a column is not in the frame, or is not a plain internal name: in
    Vega a name with a dot or a bracket is a path, so no header of a file may stand here.
    """
    require(frame, tuple(titles))
    if odd := [name for name in titles if not name.isidentifier()]:
        raise UsageError("chart_columns", columns=", ".join(odd))
    return [alt.Tooltip(field=name, type="nominal", title=title) for name, title in titles.items()]


def color_scale(colors: Mapping[str, str]) -> alt.Scale:
    """The scale that gives each key its own colour."""
    return alt.Scale(domain=list(colors), range=list(colors.values()))


def series(colors: Mapping[str, str]) -> alt.Color:
    """The column `label` in the colour of each series, with a legend where there are several."""
    legend = alt.Legend(title=None) if len(colors) > 1 else None
    return alt.Color(field="label", type="nominal", scale=color_scale(colors), legend=legend)


def measure(field: str, title: str, *, from_zero: bool = True, nice: bool | int = True) -> alt.Y:
    """The upright axis of a measure; `nice` as a number is how many ticks its ends are fit to."""
    scale = alt.Scale(zero=from_zero, nice=nice)
    axis = alt.Axis(title=title, tickCount=TICKS)
    return alt.Y(field=field, type="quantitative", scale=scale, axis=axis)


def hue(legend_title: str, ground: Ground, *, zero: bool) -> alt.Color:
    """The column `value` in one hue, its scale under the chart; `zero`: it begins at 0."""
    return alt.Color(
        field="value",
        type="quantitative",
        scale=alt.Scale(range=list(HEAT[ground]), zero=zero, nice=True),
        legend=alt.Legend(
            title=legend_title,
            type="gradient",
            orient="bottom",
            titleLimit=320,
            gradientLength=220,
            tickCount=4,
        ),
    )


def layered(*layers: alt.Chart | alt.LayerChart) -> alt.LayerChart:
    """Layers on common axes, the first at the bottom."""
    return alt.LayerChart(layer=list(layers))


def line_at(value: float, x_title: str, dash: tuple[int, int] = (1, 0)) -> alt.Chart:
    """A thin grey line across the axis named `x_title`, dashed by `dash`."""
    return (
        alt.Chart(pd.DataFrame({"value": [value]}))
        .mark_rule(color=NEUTRAL, strokeWidth=1, strokeDash=list(dash))
        .encode(x=alt.X(field="value", type="quantitative", title=x_title))
    )
