"""Whether our numbers know what clients feel: times of response against scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

import pandas as pd
import streamlit as st

from crm_metrics.charts import TONES, interval_chart
from crm_metrics.findings.sentences.link import bucket_words, link_sentences, point_words
from crm_metrics.findings.wording import inside, metric_name
from crm_metrics.metrics.lineage import Behind
from crm_metrics.metrics.model import Filters, Unit, Value
from crm_metrics.metrics.value.moved import moved
from crm_metrics.metrics.voice.link import Link, link
from crm_metrics.metrics.voice.pairs import Wait
from crm_metrics.texts import t, value_text
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, tip_titles
from crm_metrics.ui.charted import charted, spec_of, value_lines
from crm_metrics.ui.escape import esc
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.metrics.derived import change_lines
from crm_metrics.ui.metrics.derived_view import derived_button
from crm_metrics.ui.theme import ground
from crm_metrics.ui.voice.asked import QUESTION

WAITS: Final[tuple[Wait, ...]] = ("first_reply", "resolution")


def link_section(seen: Seen, language: str) -> None:
    """Draw the sentences, the scores by how long clients waited, and what is left out."""
    st.subheader(t("voice.link_title", language))
    wait = one_of(
        "wait",
        t("voice.wait", language),
        WAITS,
        lambda key: t(f"voice.wait_{key}", language),
        language=language,
        flat=True,
    )
    found = linked(seen, cast("Wait", wait))
    if found is None:
        st.caption(t("voice.link_needs", language))
        return
    for sentence in link_sentences(found, language):
        st.markdown(esc(sentence, limit=700))
    _change(found, seen, language)
    derived_button(
        found.correlation, Behind(_asked(seen.filters), wait=found.wait), language, key="voice_link"
    )
    named = _named(found, language)
    if named:
        _chart(found, named, language)
    st.caption(t("voice.association", language))


def linked(seen: Seen, wait: Wait) -> Link | None:
    """The link under the page's filters; a question is no field of conversations, and is none."""
    return cached.asked(link, _asked(seen.filters), wait)


def _asked(filters: Filters) -> Filters:
    return replace(filters, equal=tuple(one for one in filters.equal if one[0] != QUESTION))


def _change(found: Link, seen: Seen, language: str) -> None:
    """How far the link has moved since the period before, where both are of the same things."""
    before = cached.asked(link, _asked(seen.earlier), found.wait) if seen.earlier else None
    if before is None or (before.level, before.measure) != (found.level, found.measure):
        return
    for one in moved(found.correlation, before.correlation):
        for line in change_lines(one, language):
            st.caption(esc(line, limit=300))


def _named(found: Link, language: str) -> list[tuple[tuple[str, ...], Value]]:
    if found.buckets:
        return [((bucket_words(one, language),), one.value) for one in found.buckets]
    return [((point_words(one, found.level, language),), one.score) for one in found.points]


def _chart(found: Link, named: Sequence[tuple[tuple[str, ...], Value]], language: str) -> None:
    unit: Unit = "share" if found.measure == "csat" else "points"
    name = metric_name(found.measure, language)
    scale = scale_of(unit, [value for _, value in named])
    frame = pd.DataFrame(
        [
            {"key": "score", "label": label, **measured(value, unit, scale, language)}
            for (label,), value in named
        ]
    )
    rows_title = t(f"voice.rows_{found.level}", language)
    chart = spec_of(
        interval_chart,
        frame,
        title=t(
            "voice.link_chart",
            language,
            metric=name,
            wait=inside(t(f"voice.wait_{found.wait}", language)),
        ),
        x_title=axis_title(name, scale, language),
        lang=language,
        colors={"score": TONES[ground()]["accent"]},
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
        ordered=True,
        dense=len(named) > 12,
    )
    first, last = named[0], named[-1]
    charted(
        chart,
        lambda: value_lines(named, (rows_title,), unit, language),
        language,
        alt=t(
            "voice.link_alt",
            language,
            metric=name,
            first=first[0][0],
            value=value_text(first[1].value, unit, language),
            last=last[0][0],
            other=value_text(last[1].value, unit, language),
        ),
        key="link",
        name="response_and_scores",
    )
