"""Who leads: the channels of a metric as dots with whiskers on one axis, and the average."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from crm_metrics.charts import channel_color, interval_chart
from crm_metrics.findings.goals import target_text
from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.wording import channel_name, inside, metric_name
from crm_metrics.metrics import metric_named
from crm_metrics.metrics.combining.adding import comparable
from crm_metrics.metrics.comparing.pooled import adds_up, may_overlap, pooled
from crm_metrics.metrics.goals import Judged
from crm_metrics.texts import t, value_text
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, scaled, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.goals import judged_goals
from crm_metrics.ui.theme import ground
from crm_metrics.ui.words import grain_word


def intervals_of(seen: Seen, rows: Sequence[ChannelRow], language: str) -> None:
    """Draw the channels' values with their intervals, the largest on top."""
    metric, unit, currency = rows[0].metric, rows[0].unit, rows[0].now.currency
    name = metric_name(metric, language)
    scale = scale_of(unit, [row.now for row in rows])
    labels = row_labels(rows, language)
    frame = pd.DataFrame(
        [
            {
                "key": label,
                "label": label,
                **measured(row.now, unit, scale, language),
            }
            for label, row in zip(labels, rows, strict=True)
        ]
    )
    average = _average(seen, rows)
    goal = _goal(seen, metric)
    chart = spec_of(
        interval_chart,
        frame,
        title=t("channels.intervals_title", language, metric=inside(name)),
        x_title=axis_title(name, scale, language, currency),
        lang=language,
        colors={
            label: channel_color(row.channel, ground())
            for label, row in zip(labels, rows, strict=True)
        },
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        reference=scaled(average, scale),
        reference_label=""
        if average is None
        else t("channels.together", language, value=value_text(average, unit, language, currency)),
        goal=scaled(goal.target, scale) if goal else None,
        goal_label=t("channels.goal", language, target=target_text(goal, language)) if goal else "",
    )
    best = max(rows, key=lambda row: row.now.value or 0.0)
    charted(
        chart,
        lambda: value_lines(
            [((label,), row.now) for label, row in zip(labels, rows, strict=True)],
            (t("channels.channel", language),),
            unit,
            language,
        ),
        language,
        alt=t(
            "channels.intervals_alt",
            language,
            metric=name,
            channel=channel_name(best.channel, language),
            value=value_text(best.now.value, unit, language, currency),
        ),
        key="intervals",
        name="channels",
    )


def row_labels(rows: Sequence[ChannelRow], language: str) -> list[str]:
    """A name a row: the channel, with the kind of data behind it where a channel stands twice."""
    channels = [row.channel for row in rows]
    return [
        channel_name(row.channel, language)
        if channels.count(row.channel) == 1
        else f"{channel_name(row.channel, language)} ({grain_word(row.now.grain, language)})"
        for row in rows
    ]


def _goal(seen: Seen, metric: str) -> Judged | None:
    """The goal of all channels together, where it can be drawn as a value."""
    found = (one for one in judged_goals(seen) if one.goal.metric == metric)
    return next((one for one in found if one.goal.channel is None and one.target is not None), None)


def _average(seen: Seen, rows: Sequence[ChannelRow]) -> float | None:
    """All of the rows together, where they are of one kind; never a mean of their values."""
    first = rows[0].now
    if len(rows) < 2 or not all(comparable(row.now.grain, first.grain) for row in rows):
        return None
    declared = metric_named(first.metric, first.grain)
    if adds_up(declared) and not may_overlap(declared):
        return pooled([replace(row.now, grain=first.grain) for row in rows]).value
    found = together(seen, (first.metric,))[first.metric]
    same = (row.now for row in found if row.now.variant == first.variant)
    return next((one.value for one in same if comparable(one.grain, first.grain)), None)
