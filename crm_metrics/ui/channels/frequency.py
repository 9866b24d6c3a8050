"""How often people are written to, against a cap that the user sets."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from crm_metrics.charts import response_chart
from crm_metrics.findings.wording import metric_name
from crm_metrics.metrics.frequency import fullest_weeks
from crm_metrics.texts import decimal_text, integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.channels.first import FREQUENCY
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.limits import A_WEEK, CAP, CAP_BOUNDS
from crm_metrics.ui.metrics.view import card
from crm_metrics.ui.theme import ground
from crm_metrics.ui.typed import number_kept

_CLASSES = 10  # the last is this many and more


def frequency_section(seen: Seen, language: str) -> None:
    """Draw the share of people over the cap, the means, and people by their fullest week."""
    st.subheader(t("channels.frequency_title", language))
    counts = cached.asked(fullest_weeks, seen.filters)
    if not counts:
        st.caption(t("channels.frequency_needs", language))
        return
    cap = number_kept(
        CAP,
        t("channels.cap", language),
        default=A_WEEK,
        bounds=CAP_BOUNDS,
        step=1.0,
        meaning=t("channels.cap_help", language),
    )
    with st.grid(3, min_column_width=210, key="frequency_cards"):
        for key, rows in together(seen, FREQUENCY).items():
            if rows:
                name = metric_name(key, language)
                if rows[0].unit != "share":
                    name = t("channels.frequency_a_week", language, metric=name)
                card(rows[0], seen, language, name, key="frequency")
    if len(counts) > 1:
        _draw(counts, cap, language)
    else:
        (messages, people), *_ = counts
        st.caption(t("channels.frequency_alike", language, people=people, messages=messages))
    st.caption(t("channels.frequency_note", language))


def _draw(counts: list[tuple[int, int]], cap: float, language: str) -> None:
    people = sum(number for _, number in counts)
    most = min(max(messages for messages, _ in counts), _CLASSES)
    # The class of the cap has its bar even where nobody is in it: the line stands beside it.
    classes = [
        (each, sum(number for messages, number in counts if min(messages, most) == each))
        for each in range(1, most + 1)
    ]
    labels = [str(each) if each < _CLASSES else f"{each}+" for each, _ in classes]
    frame = pd.DataFrame(
        {
            "label": labels,
            "share": [100 * number / people for _, number in classes],
            "tone": ["bad" if each > cap else "accent" for each, _ in classes],
            "value_text": [percent_text(number / people, language) for _, number in classes],
            "n_text": [integer_text(number, language) for _, number in classes],
        }
    )
    over = sum(number for messages, number in counts if messages > cap) / people
    shown_cap = decimal_text(cap, language, 0)
    within = [label for label, (each, _) in zip(labels, classes, strict=True) if each <= cap]
    chart = spec_of(
        response_chart,
        frame,
        title=t("channels.frequency_chart", language),
        x_title=t("channels.axis_fullest", language),
        y_title=t("channels.axis_people", language),
        lang=language,
        ground=ground(),
        tips=tip_titles(language, "label", "value_text", "n_text"),
        last_within=within[-1] if within and len(within) < len(labels) else None,
        limit_label=t("channels.cap_mark", language, cap=shown_cap),
    )
    titles = tuple(t(f"channels.{key}", language) for key in ("axis_fullest", "value"))
    charted(
        chart,
        lambda: Lines(
            titles=(*titles, "n"),
            shown=tuple(zip(labels, frame["value_text"], frame["n_text"], strict=True)),
            columns=(titles[0], "n"),
            cells=tuple((messages, number) for messages, number in counts),
        ),
        language,
        alt=t(
            "channels.frequency_alt",
            language,
            share=percent_text(over, language),
            cap=shown_cap,
            n=integer_text(people, language),
        ),
        key="frequency",
        name="frequency",
    )
