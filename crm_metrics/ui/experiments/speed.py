"""How fast each version is answered: the share that has answered by each hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import rise_chart, series_colors
from crm_metrics.experiments.beside import Waits
from crm_metrics.experiments.model import Finding
from crm_metrics.experiments.waits import (
    answered_by,
    likely,
    mostly_early,
    thinned,
    waiting,
)
from crm_metrics.findings.sheet import Cell
from crm_metrics.findings.trial_numbers import between_text
from crm_metrics.findings.verdicts import line_text
from crm_metrics.texts import decimal_text, integer_text, percent_text, t
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.theme import ground
from crm_metrics.ui.widgets import download_table

_COLUMNS = ("arm", "hour", "waiting", "share", "low", "high")
_UNKNOWN = (None, None)
Point = tuple[str, float, int, float, float | None, float | None]
"""Version, hours, who was waiting before, the share that has answered and its likely range."""


def speed_section(finding: Finding, waits: Sequence[Waits], language: str) -> None:
    """What the log-rank test says, the curve of each version, and its numbers as a file."""
    for line in finding.lines:
        if line.kind == "log_rank":
            st.markdown(f"**{esc(line_text(line, finding, language))}**")
    curves = {one.arm: _points(one, finding.setup.alpha) for one in waits}
    if not any(curves.values()):
        st.info(t("experiments.speed_none", language), icon=":material/hourglass_empty:")
        return
    _chart(finding, waits, curves, language)
    st.caption(t("experiments.speed_note", language))

    def rows() -> Iterator[tuple[Cell, ...]]:
        return (point for points in curves.values() for point in points)

    download_table(
        [t(f"experiments.speed_column.{name}", language) for name in _COLUMNS],
        rows,
        language,
        name="experiment-speed",
        key="speed_download",
    )


def _points(waits: Waits, alpha: float) -> list[Point]:
    ends = likely(waits, alpha=alpha)
    left = waiting(waits)[waits.ended > 0]
    return [
        (waits.arm, hour, int(n), share, *(between or _UNKNOWN))
        for (hour, share), n, between in zip(answered_by(waits), left, ends, strict=True)
    ]


def _chart(
    finding: Finding, waits: Sequence[Waits], curves: dict[str, list[Point]], language: str
) -> None:
    end = max(points[-1][1] for points in curves.values() if points)
    rows, last = [], []
    for one in waits:
        points = curves[one.arm]
        until = min(end, float(one.hours[-1])) if len(one.hours) else 0.0
        shown: list[Point] = [(one.arm, 0.0, int(waiting(one)[0]) if points else 0, 0.0, 0.0, 0.0)]
        shown += [points[i] for i in thinned(len(points))]
        if until > shown[-1][1]:
            shown.append((one.arm, until, *shown[-1][2:]))
        rows += [_row(point, language) for point in shown]
        last.append(f"{one.arm}: {rows[-1]['value_text']}")
    stretched = mostly_early(waits, end)
    colors = series_colors([arm.name for arm in finding.arms], ground())
    chart = spec_of(
        rise_chart,
        pd.DataFrame(rows),
        title=t("experiments.speed_title", language),
        x_title=t("experiments.speed_axis", language),
        y_title=t("experiments.speed_share", language),
        lang=language,
        colors=dict(colors),
        tips=tip_titles(
            language, "label", "time_text", "value_text", "interval_text", "waiting_text"
        ),
        stretched=stretched,
    )
    alt = t("experiments.speed_alt", language, values="; ".join(last))
    st.vega_lite_chart(chart, alt=alt, key="experiment_speed")
    if stretched:
        st.caption(t("experiments.speed_stretched", language))


def _row(point: Point, language: str) -> dict[str, object]:
    arm, hour, left, share, low, high = point
    ends = (percent_text(low, language, 1), percent_text(high, language, 1))
    known = low is not None and high is not None
    return {
        "label": arm,
        "time": hour,
        "value": 100 * share,
        "low": 100 * low if low is not None else None,
        "high": 100 * high if high is not None else None,
        "time_text": t("unit.hour", language, value=decimal_text(hour, language, 1)),
        "value_text": percent_text(share, language, 1),
        "interval_text": between_text(*ends, language) if known else "—",
        "waiting_text": integer_text(left, language),
    }
