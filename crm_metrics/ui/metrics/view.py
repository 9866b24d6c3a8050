"""The top of the Channels page: what to say in sentences, and the cards of the main metrics."""

from __future__ import annotations

import re
from dataclasses import replace

import streamlit as st

from crm_metrics.findings.compared import reading
from crm_metrics.findings.report import ChannelRow, Sentence
from crm_metrics.findings.sentences import channel_sentences
from crm_metrics.findings.wording import metric_name, n_text, shift_texts, young_text
from crm_metrics.metrics.model import Unit, Value
from crm_metrics.texts import has, period_text, t, value_text
from crm_metrics.ui.chart_words import end_texts, interval_words
from crm_metrics.ui.choices import Choices
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen, together
from crm_metrics.ui.metrics.goals import evidence_of, goal_words
from crm_metrics.ui.number_view import Number, number_button
from crm_metrics.ui.remembered import remembered
from crm_metrics.ui.words import variant_words

_TO = "\N{WORD JOINER}–\N{WORD JOINER}"  # a range stays on one line
_OF_AUDIENCES = frozenset({"better", "worse", "leader", "trailing", "goal_missed"})
_ON_CARDS = frozenset({"level", "total", "nothing"})
_SENTENCES = 5
_DOUBTS = ("few_units", "small_n", "immature", "upper_bound", "base_sent", "currency_unknown")
_TONES = {"better": "green", "worse": "red"}


def period_line(seen: Seen, known: Choices, language: str) -> None:
    """Which days are shown, which they are compared with, and what has no date."""
    lines = []
    if seen.period is None and known.period is not None:
        key = "all_days" if known.undated else "all_days_dated"
        lines.append(t(f"channels.{key}", language, now=period_text(known.period, language)))
    elif seen.period is not None and seen.before is None:
        now = period_text(seen.period, language)
        lines.append(t("channels.period_alone", language, now=now))
    elif seen.period is not None:
        now, before = period_text(seen.period, language), period_text(seen.before, language)
        key = "period" if seen.moved else "period_first"
        lines.append(t(f"channels.{key}", language, now=now, before=before))
    hidden = known.outside(seen.period) if seen.period else ()
    if hidden:
        names = esc(", ".join(hidden), limit=300)
        lines.append(t("channels.outside", language, names=names))
    if known.undated and seen.period is not None:
        lines.append(t("channels.undated", language, count=known.undated))
    if lines:
        st.caption(" ".join(lines))


def sentences(seen: Seen, language: str) -> None:
    """Three to five sentences, the weightiest first."""
    said = remembered(
        channel_sentences,
        seen.rows,
        lang=language,
        currency=seen.currency,
        limit=_SENTENCES,
        evidence=evidence_of(seen),
    )
    if not seen.topic.of_messages:
        shown = (one for one in said if one.code not in _ON_CARDS)
        said = tuple(map(_without_audiences, shown))
    if not said:
        return
    st.markdown("\n".join(f"- {_line(sentence)}" for sentence in said))
    st.caption(t("report.caveat.observational", language))


def _without_audiences(sentence: Sentence) -> Sentence:
    """The sentence without a step that speaks of audiences, campaigns and budgets."""
    if sentence.code not in _OF_AUDIENCES:
        return sentence
    return replace(sentence, text=sentence.text.removesuffix(sentence.step).rstrip(), step="")


def _line(sentence: Sentence) -> str:
    """A sentence as markdown, what to do next in grey."""
    text = esc(sentence.text.removesuffix(sentence.step).rstrip())
    return f"{text} :gray[{esc(sentence.step)}]" if sentence.step else text


def cards(seen: Seen, language: str) -> None:
    """A card for each main metric over all shown channels, with its change since before."""
    chosen = seen.headlines
    if not chosen:
        return
    found = together(seen, chosen)
    with st.grid(4, min_column_width=210, key="cards"):
        for metric, rows in found.items():
            if rows:
                base = rows[0].now.variant if len(rows) > 1 else None
                card(rows[0], seen, language, metric_name(metric, language), base=base)


def card(
    row: ChannelRow,
    seen: Seen,
    language: str,
    name: str,
    *,
    base: str | None = None,
    key: str = "card",
) -> None:
    """A metric under `name`: its value, interval, n and change, and where the number comes from.

    `base` is the formula's, where the metric has another one beside.
    """
    value = row.now
    change, tone, note = _change(row, language)
    falls = row.shift is not None and (row.shift.value or 0.0) < 0
    if not seen.moved:  # said once, in the line on the period
        note = ""
    help_key = f"metric.{row.metric}.help"
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(
            name,
            esc(value_text(value.value, row.unit, language, value.currency)),
            change,
            delta_color=tone,  # type: ignore[arg-type]
            # Said outright: only a hyphen would tell the arrow of a fall, and ours is a minus sign.
            delta_arrow="down" if falls else "up",
            help=t(help_key, language) if has(help_key, language) else None,
        )
        notes = [
            interval_words(value, row.unit, language),
            t("channels.n", language, n=n_text(value, language)),
        ]
        told = " · ".join(part for part in notes if part)
        doubts = [flag for flag in _DOUBTS if flag in value.flags]
        lines = [
            told,
            note,
            goal_words(row, language),
            ""
            if base is None
            else t("channels.formula_base", language, base=variant_words(base, language)),
            *(
                " ".join(
                    [t(f"channels.doubt.{flag}", language), *young_text(value, language, flag)]
                )
                for flag in doubts
            ),
        ]
        st.caption("  \n".join(esc(line) for line in lines if line))
        number = Number(value, row.unit, seen.filters, seen.limits)
        number_button(number, language, key=f"{key}_{row.metric}_{value.grain}")


def range_words(value: Value, unit: Unit, language: str) -> str:
    """The interval on one short line for a table: "2,1-2,5 %"; "" where there is none."""
    ends = end_texts(value, unit, language)
    if ends is None:
        return ""
    low, high = ends
    percent = re.search(r"\s*%$", high)
    return f"{low.removesuffix(percent[0]) if percent else low}{_TO}{high}"


def _change(row: ChannelRow, language: str) -> tuple[str | None, str, str]:
    """The signed change, coloured where it is good or bad; a grey line where none is clear."""
    shift = row.shift
    if shift is None or shift.value is None or shift.low is None:
        return None, "gray", t("channels.nothing_before", language)
    before = row.before.currency if row.before else None
    words = shift_texts(shift, row.unit, language, before)
    if not shift.clear:
        return None, "gray", t("channels.no_clear_change", language, **words)
    tone = _TONES.get(reading(row), "gray")
    return words["change"], tone, t("channels.change_between", language, **words)
