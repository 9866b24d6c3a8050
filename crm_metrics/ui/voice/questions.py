"""Every question with its metric, its interval, its blanks, and how its answers are spread."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.charts import TONES, answers_chart
from crm_metrics.findings.sentences.questions import score_words
from crm_metrics.findings.wording import metric_name
from crm_metrics.metrics.voice.questions import MOST_STEPS, Question, questions, spread
from crm_metrics.texts import decimal_text, has, integer_text, percent_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.chart_words import tip_titles
from crm_metrics.ui.charted import Lines, charted, spec_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.theme import ground
from crm_metrics.ui.voice.asked import name_of, on_two_lines
from crm_metrics.ui.widgets import download_table

_LINE = 24
_MOST_BARS = 25


def questions_section(seen: Seen, language: str) -> None:
    """Draw the table of questions, and the spread of the answers to each."""
    st.subheader(t("voice.questions_title", language))
    found = cached.asked(questions, seen.filters)
    if not found:
        st.caption(t("voice.questions_needs", language))
        return
    _table(found, language)
    st.caption(t("voice.questions_note", language))
    scored = [one for one in found if one.counts]
    drawn = [one for one in scored if len(one.counts) <= MOST_STEPS][:_MOST_BARS]
    if drawn:
        _spread(drawn, language)
    if len(drawn) < len(scored):
        count = integer_text(len(scored) - len(drawn), language)
        st.caption(t("voice.not_drawn", language, count=count))


def _table(found: Sequence[Question], language: str) -> None:
    names = ("question", "kind", "scale", "metric", "value", "n", "blanks", "comments")
    titles = [t(f"voice.column.{name}", language) for name in names]
    lines = [
        (
            name_of(one, language),
            _kind(one, language),
            _scale(one, language),
            _metric(one, language),
            score_words(one, language),
            integer_text(_answers(one), language),
            integer_text(one.blanks, language),
            integer_text(one.comments, language),
        )
        for one in found
    ]
    frame = pd.DataFrame(lines, columns=titles)
    right = {title: st.column_config.TextColumn(alignment="right") for title in titles[-3:]}
    st.dataframe(frame, hide_index=True, column_config=right, key="questions_table")
    columns = (*names[:4], "score", "low", "high", *names[5:])
    download_table(
        [t(f"voice.column.{name}", language) for name in columns],
        lambda: [_cells(one, language) for one in found],
        language,
        name="questions",
        key="questions_download",
    )


def _cells(one: Question, language: str) -> tuple[str | float | int | None, ...]:
    value = one.headline
    told = value or one.mean_value
    return (
        name_of(one, language),
        _kind(one, language),
        _scale(one, language),
        metric_name(value.metric, language) if value else None,
        *((told.value, told.low, told.high) if told else (None, None, None)),
        _answers(one),
        one.blanks,
        one.comments,
    )


def _answers(one: Question) -> int:
    """How many answered: scores, or comments where it is answered in words."""
    return one.n or one.comments


def _metric(one: Question, language: str) -> str:
    """The name of the question's metric; a question answered in words has none."""
    if one.headline is not None:
        return metric_name(one.headline.metric, language)
    words_only = not one.counts and not one.refused
    return "—" if words_only else t("voice.no_metric", language)


def _kind(one: Question, language: str) -> str:
    key = f"columns.survey_type.{one.kind}"
    return t(key, language) if one.kind and has(key, language) else "—"


def _scale(one: Question, language: str) -> str:
    seen = (one.counts[0][0], one.counts[-1][0]) if one.counts else None
    if one.high is None and seen is None:
        return "—"
    key = "scale" if one.high is not None else "scale_seen"
    low = one.low if one.low is not None else seen[0] if seen else None
    high = one.high if one.high is not None else seen[1] if seen else None
    ends = {"low": decimal_text(low, language, 0), "high": decimal_text(high, language, 0)}
    return t(f"voice.{key}", language, **ends)


def _spread(drawn: Sequence[Question], language: str) -> None:
    labels = _labels(drawn, language)
    rows = [
        {
            "label": label,
            "tone": step.tone,
            "start": 100 * step.start,
            "end": 100 * step.end,
            "step": decimal_text(step.score, language, 0 if step.score.is_integer() else 1),
            "question": name_of(one, language),
            "value_text": percent_text(step.end - step.start, language),
            "n_text": integer_text(step.count, language),
        }
        for label, one in zip(labels, drawn, strict=True)
        for step in spread(one)
    ]
    tones = TONES[ground()]
    chart = spec_of(
        answers_chart,
        pd.DataFrame(rows),
        title=t("voice.spread_title", language),
        x_title=t("voice.spread_axis", language),
        lang=language,
        colors={name: tones[name] for name in ("bad", "unclear", "good")},
        names={name: t(f"voice.tone.{name}", language) for name in ("bad", "unclear", "good")},
        tips={
            "question": t("voice.column.question", language),
            "step": t("voice.column.score", language),
        }
        | tip_titles(language, "value_text", "n_text"),
        ground=ground(),
    )
    titles = tuple(t(f"voice.column.{name}", language) for name in ("question", "score", "n"))
    share = t("voice.column.share", language)
    charted(
        chart,
        lambda: Lines(
            titles=(*titles, share),
            shown=tuple(
                tuple(str(row[name]) for name in ("question", "step", "n_text", "value_text"))
                for row in rows
            ),
            columns=(*titles, share),
            cells=tuple(
                (name_of(one, language), step.score, step.count, step.end - step.start)
                for one in drawn
                for step in spread(one)
            ),
        ),
        language,
        alt=t(
            "voice.spread_alt",
            language,
            question=name_of(drawn[0], language),
            share=percent_text(
                sum(step.end - step.start for step in spread(drawn[0]) if step.tone == "good"),
                language,
            ),
        ),
        key="spread",
        name="answers",
    )
    st.caption(esc(t("voice.spread_note", language)))


def _labels(drawn: Sequence[Question], language: str) -> list[str]:
    """Short names on a few lines, one a question, with n."""
    labels: list[str] = []
    for one in drawn:
        lines = on_two_lines(name_of(one, language), _LINE)
        label = "\n".join([*lines, t("voice.label_n", language, n=integer_text(one.n, language))])
        labels.append(label if label not in labels else f"{label} ({len(labels) + 1})")
    return labels
