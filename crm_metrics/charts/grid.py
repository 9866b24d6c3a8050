"""Rows by columns in one hue, cells without a value left blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from crm_metrics.charts.frames import hue, layered, require, tooltips
from crm_metrics.charts.locale import themed, titled
from crm_metrics.charts.palette import Ground

_ROW, _DENSE_ROW = 34, 24
_MANY = 10  # rows
_FRAME = 190  # title, axis and legend


def grid_chart(
    frame: pd.DataFrame,
    *,
    title: str,
    x_title: str,
    y_title: str | None,
    legend_title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    lang: str,
    ground: Ground,
    tips: Mapping[str, str],
) -> alt.LayerChart:
    """A cell a row and column, coloured by its value.

    `frame`: row, column (str, of `rows` and `columns` in their order), value (float, in the unit
    that `legend_title` names), and the text columns of `tips`. What has no line has no cell.
    Raises UsageError where a column is missing.
    """
    require(frame, ("row", "column", "value"))
    cells = (
        alt.Chart(frame)
        .mark_rect(cornerRadius=2, stroke=None)
        .encode(
            x=alt.X(
                field="column",
                type="ordinal",
                scale=alt.Scale(domain=list(columns)),
                axis=alt.Axis(title=x_title, labelAngle=0, grid=False, labelOverlap=True),
            ),
            y=alt.Y(
                field="row",
                type="nominal",
                scale=alt.Scale(domain=list(rows)),
                axis=alt.Axis(title=y_title, grid=False),
            ),
            color=hue(legend_title, ground, zero=True),
            tooltip=tooltips(frame, tips),
        )
    )
    height = _FRAME + (_DENSE_ROW if len(rows) > _MANY else _ROW) * len(rows)
    return themed(layered(cells).properties(title=titled(title), height=height), lang)
