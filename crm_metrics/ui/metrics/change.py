"""What changed: each channel's difference to the period before, coloured only where it is clear."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import difference_chart
from crm_metrics.findings.compared import reading
from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import inside, metric_name, n_text, shift_texts
from crm_metrics.metrics.model import Unit
from crm_metrics.texts import t, value_text
from crm_metrics.ui.chart_words import scale_of, scaled, tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.intervals import row_labels
from crm_metrics.ui.theme import ground

_TEXTS = ("before_text", "value_text", "change_text", "between_text", "n_text")
_TONES = {"better": "good", "worse": "bad"}


def has_moved(seen: Seen, rows: Sequence[ChannelRow]) -> bool:
    """Whether some channel of `rows` has a difference to the period before."""
    return seen.before is not None and any(
        row.shift is not None and row.shift.value is not None for row in rows
    )


def change_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw how far each channel of `rows` has moved, or say why there is nothing to compare."""
    if not has_moved(seen, rows):
        st.caption(t("channels.nothing_before_long", language))
        return
    moved = [row for row in rows if row.shift is not None and row.shift.value is not None]
    metric, unit = rows[0].metric, rows[0].unit
    name = metric_name(metric, language)
    labels = row_labels(moved, language)
    scale = scale_of(unit, [row.now for row in moved])
    frame = pd.DataFrame(
        [
            {
                "label": label,
                "value": scaled(row.shift.value, scale) if row.shift else None,
                "low": scaled(row.shift.low, scale) if row.shift else None,
                "high": scaled(row.shift.high, scale) if row.shift else None,
                "tone": _TONES.get(reading(row), "unclear"),
                **_texts(row, language),
            }
            for label, row in zip(labels, moved, strict=True)
        ]
    )
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(float)
    both = zip(labels, moved, strict=True)
    clear = [label for label, row in both if row.shift and row.shift.clear]
    charted(
        spec_of(
            difference_chart,
            frame,
            title=t("channels.change_title", language, metric=inside(name)),
            x_title=change_axis(unit, scale.unit, moved[0].now.currency, language),
            lang=language,
            ground=ground(),
            tips=tip_titles(language, "label", *_TEXTS),
        ),
        lambda: _lines(labels, moved, language),
        language,
        alt=t("channels.change_alt", language, metric=name, channels=", ".join(clear))
        if clear
        else t("channels.change_alt_none", language, metric=name),
        key="change",
        name="change",
    )
    alone = [label for label in row_labels(rows, language) if label not in labels]
    if alone:
        st.caption(t("channels.change_alone", language, channels=esc(", ".join(alone), limit=200)))


def _texts(row: ChannelRow, language: str) -> dict[str, str]:
    assert row.shift is not None
    before = row.before
    said = shift_texts(row.shift, row.unit, language, row.now.currency)
    between = "—"
    if row.shift.low is not None:
        between = t("channels.interval", language, low=said["change_low"], high=said["change_high"])
    return {
        "before_text": value_text(
            before.value if before else None, row.unit, language, row.now.currency
        ),
        "value_text": value_text(row.now.value, row.unit, language, row.now.currency),
        "change_text": said["change"],
        "between_text": between,
        "n_text": n_text(row.now, language),
    }


def change_axis(unit: Unit, scaled_unit: str, currency: str | None, language: str) -> str:
    """Differences of shares are in points, never in per cent."""
    word = "points" if unit == "share" else scaled_unit
    named = "" if word in ("", "money") else t(f"chart.unit.{word}", language)
    named = (currency or "") if word == "money" else named
    title = t("channels.axis_change", language)
    return f"{title}, {named}" if named else title


def _lines(labels: Sequence[str], rows: Sequence[ChannelRow], language: str) -> Lines:
    titles = ("channel", "before", "value", "change", "likely_between")
    shown, cells = [], []
    for label, row in zip(labels, rows, strict=True):
        said = _texts(row, language)
        shown.append((label, *(said[name] for name in _TEXTS)))
        assert row.shift is not None
        cells.append(
            (
                label,
                metric_name(row.metric, language),
                row.before.value if row.before else None,
                row.now.value,
                row.shift.value,
                row.shift.low,
                row.shift.high,
                row.now.n,
                row.now.base,
            )
        )
    columns = ("channel", "metric", "before", "value", "change", "low", "high", "n", "denominator")
    return Lines(
        titles=(*(t(f"channels.{name}", language) for name in titles), "n"),
        shown=tuple(shown),
        columns=tuple(t(f"channels.column.{name}", language) for name in columns),
        cells=tuple(cells),
    )
