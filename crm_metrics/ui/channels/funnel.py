"""The way from sent to bought, each step with its share of the step before."""

from __future__ import annotations

from itertools import groupby

import pandas as pd
import streamlit as st

from crm_metrics.charts import funnel_chart
from crm_metrics.charts.palette import TONES
from crm_metrics.findings.wording import inside
from crm_metrics.metrics import funnel
from crm_metrics.metrics.model import Step
from crm_metrics.texts import integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.theme import ground
from crm_metrics.ui.words import grain_word


def funnel_section(seen: Seen, language: str) -> None:
    """Draw a funnel for each kind of data that has one; grains are never added together."""
    steps = cached.asked(funnel, seen.filters)
    funnels = [list(group) for _, group in groupby(steps, key=lambda step: step.grain)]
    st.subheader(t("channels.funnel_title", language))
    if not funnels:
        st.caption(t("channels.funnel_needs", language))
        return
    columns = st.columns(2, gap="large")
    for place, own in enumerate(funnels):
        with columns[place % 2]:
            _draw(own, language)
    st.caption(t("channels.funnel_note", language))


def _draw(steps: list[Step], language: str) -> None:
    frame = pd.DataFrame([_row(step, language) for step in steps])
    grain = inside(grain_word(steps[0].grain, language))
    chart = spec_of(
        funnel_chart,
        frame,
        title=t("channels.funnel_of", language, grain=grain),
        x_title=t(f"channels.funnel_axis.{steps[0].grain}", language),
        lang=language,
        color=TONES[ground()]["accent"],
        ground=ground(),
        tips=tip_titles(language, "label", "n_text", "share_text", "interval_text"),
    )
    last = steps[-1]
    alt = t(
        "channels.funnel_alt",
        language,
        first=integer_text(steps[0].count, language),
        step=t(f"channels.funnel_step.{last.step}", language),
        last=integer_text(last.count, language),
    )
    key = f"funnel_{last.grain}"
    charted(chart, lambda: _lines(steps, language), language, alt=alt, key=key, name=key)


def _lines(steps: list[Step], language: str) -> Lines:
    """A line a step: how many, their share of the step before, and its interval."""
    titles = ("funnel_step_title", "funnel_count", "funnel_of_before", "likely_between")
    columns = ("funnel_step_title", "funnel_count", "funnel_of_before")
    ends = ("low", "high")
    rows = [_row(step, language) for step in steps]
    names = ("label", "n_text", "share_text", "interval_text")
    return Lines(
        titles=tuple(t(f"channels.{title}", language) for title in titles),
        shown=tuple(tuple(str(row[name]) for name in names) for row in rows),
        columns=(
            *(t(f"channels.{title}", language) for title in columns),
            *(t(f"channels.column.{end}", language) for end in ends),
        ),
        cells=tuple(
            (str(row["label"]), step.count, step.share, step.low, step.high)
            for row, step in zip(rows, steps, strict=True)
        ),
    )


def _row(step: Step, language: str) -> dict[str, object]:
    count, share = integer_text(step.count, language), percent_text(step.share, language)
    interval = "—"
    if step.low is not None and step.high is not None:
        low, high = (percent_text(end, language) for end in (step.low, step.high))
        interval = t("channels.interval", language, low=low, high=high)
    text = count
    if step.share is not None:
        text = t("channels.funnel_share", language, count=count, share=share)
    return {
        "label": t(f"channels.funnel_step.{step.step}", language),
        "count": step.count,
        "text": text,
        "n_text": count,
        "share_text": share,
        "interval_text": interval,
    }
