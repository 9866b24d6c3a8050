"""How fast people are answered, against a limit that the user sets."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from crm_metrics.charts import channel_color, interval_chart, response_chart
from crm_metrics.findings.wording import channel_name, metric_name
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.texts import duration_text, integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import axis_title, measured, scale_of, tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of, value_lines
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.limits import REPLY, REPLY_BOUNDS, REPLY_HOURS
from crm_metrics.ui.metrics.view import card
from crm_metrics.ui.theme import ground
from crm_metrics.ui.typed import number_kept

SPEED = ("answered_within", "frt_median", "frt_p90", "unanswered_rate")
# Classes of delay as parts and multiples of the limit, so that it always stands between two.
_CLASSES = (0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 12.0)


def response_section(seen: Seen, language: str) -> None:
    """Draw the share answered within the limit, median and p90, the classes, and the channels."""
    st.subheader(t("channels.response_title", language))
    if not any(row.metric == "answered_within" for row in seen.rows):
        st.caption(t("channels.response_needs", language))
        return
    reply_limit(language)
    speed_cards(seen, language)
    delays(seen, language)


def reply_limit(language: str) -> None:
    """Ask for the hours in which a first reply is in time."""
    number_kept(
        REPLY,
        t("channels.limit", language),
        default=REPLY_HOURS,
        bounds=REPLY_BOUNDS,
        step=0.5,
        meaning=t("channels.limit_help", language),
    )


def speed_cards(seen: Seen, language: str) -> None:
    """Draw a card for the share in time, median and p90, and the unanswered."""
    limit = duration_text(seen.limits.first_reply, language)
    with st.grid(4, min_column_width=210, key="response_cards"):
        for key, rows in together(seen, SPEED).items():
            within = t("channels.within_limit", language, limit=limit)
            name = within if key == "answered_within" else metric_name(key, language)
            if rows:
                card(rows[0], seen, language, name, key="response")


def delays(seen: Seen, language: str) -> None:
    """Draw the share in time by channel and, folded, conversations by their delay."""
    if not seen.of("answered_within"):
        st.caption(t("channels.response_needs", language))
        return
    limit = duration_text(seen.limits.first_reply, language)
    _by_channel(seen, limit, language)
    folded = st.expander(
        t("channels.classes_title", language),
        icon=":material/bar_chart:",
        on_change="rerun",
        key="response_folded",
    )
    if folded.open:
        with folded:
            _classes(seen.filters, seen.limits, language)


def _classes(filters: Filters, limits: Limits, language: str) -> None:
    """Conversations by delay: each class is the share within its end less the share before."""
    ends = [part * limits.first_reply for part in _CLASSES]
    within = [_only("answered_within", filters, replace(limits, first_reply=end)) for end in ends]
    unanswered = _only("unanswered_rate", filters, limits)
    known = [value.value for value in within if value is not None and value.value is not None]
    if len(known) < len(ends) or unanswered is None:
        return
    silent = unanswered.value or 0.0
    starts = [0.0, *ends]
    rows = [
        (
            _class_words(start, end, language),
            share - before,
            "good" if end <= limits.first_reply else "bad",
        )
        for start, end, share, before in zip(starts, ends, known, [0.0, *known], strict=False)
    ]
    later = t("channels.later_than", language, end=duration_text(ends[-1], language))
    rows.append((later, max(1 - silent - known[-1], 0.0), "bad"))
    rows.append((t("channels.unanswered", language), silent, "bad"))
    n = unanswered.n
    frame = pd.DataFrame(
        {
            "label": [label for label, _, _ in rows],
            "share": [share * 100 for _, share, _ in rows],
            "tone": [tone for _, _, tone in rows],
            "value_text": [percent_text(share, language, 1) for _, share, _ in rows],
            "n_text": [integer_text(share * n, language) for _, share, _ in rows],
        }
    )
    limit = duration_text(limits.first_reply, language)
    chart = spec_of(
        response_chart,
        frame,
        title=t("channels.classes_title", language),
        x_title=t("channels.axis_delay", language),
        y_title=t("channels.axis_conversations", language),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "n_text"),
        last_within=rows[_CLASSES.index(1.0)][0],
        limit_label=t("channels.limit_mark", language, limit=limit),
    )
    share = percent_text(known[_CLASSES.index(1.0)], language)
    alt = t("channels.classes_alt", language, share=share, limit=limit, n=integer_text(n, language))
    charted(
        chart,
        lambda: Lines(
            titles=(t("channels.axis_delay", language), t("channels.value", language), "n"),
            shown=tuple(zip(frame["label"], frame["value_text"], frame["n_text"], strict=True)),
            columns=(t("channels.axis_delay", language), t("channels.column.value", language), "n"),
            cells=tuple((label, share, round(share * n)) for label, share, _ in rows),
        ),
        language,
        alt=alt,
        key="response_classes",
        name="response",
    )


def _only(metric: str, filters: Filters, limits: Limits) -> Value | None:
    """The metric over all conversations; None where there is none, or more than one kind."""
    found = cached.compute((metric,), filters=filters, limits=limits)
    values = tuple(found.values)
    return values[0] if len(values) == 1 else None


def _class_words(start: float, end: float, language: str) -> str:
    if start == 0:
        return t("channels.up_to", language, end=duration_text(end, language))
    return t(
        "channels.from_to",
        language,
        start=duration_text(start, language),
        end=duration_text(end, language),
    )


def _by_channel(seen: Seen, limit: str, language: str) -> None:
    rows = seen.of("answered_within")
    if not rows:
        return
    scale = scale_of("share", [row.now for row in rows])
    frame = pd.DataFrame(
        [
            {
                "key": row.channel or "unknown",
                "label": channel_name(row.channel, language),
                **measured(row.now, row.unit, scale, language),
            }
            for row in rows
        ]
    )
    chart = spec_of(
        interval_chart,
        frame,
        title=t("channels.within_title", language, limit=limit),
        x_title=axis_title(t("channels.axis_within", language, limit=limit), scale, language),
        lang=language,
        colors={key: channel_color(key, ground()) for key in frame["key"]},
        tips=tip_titles(language, "label", "value_text", "interval_text", "n_text"),
        ground=ground(),
    )
    best = max(rows, key=lambda row: row.now.value or 0.0)
    alt = t(
        "channels.within_alt",
        language,
        channel=channel_name(best.channel, language),
        share=percent_text(best.now.value, language),
        limit=limit,
    )
    named = [((label,), row.now) for label, row in zip(frame["label"], rows, strict=True)]
    charted(
        chart,
        lambda: value_lines(named, (t("channels.channel", language),), rows[0].unit, language),
        language,
        alt=alt,
        key="response_by_channel",
        name="answered_within",
    )
