"""The top of the Channels page: what to say in sentences, and the cards of the main metrics."""

from __future__ import annotations

import streamlit as st

from crm_metrics.findings.report import ChannelRow
from crm_metrics.findings.sentences import channel_sentences
from crm_metrics.findings.wording import bound_text, flag_text, metric_name, shift_texts
from crm_metrics.metrics.model import Value
from crm_metrics.texts import has, integer_text, period_text, t, value_text
from crm_metrics.ui.channels_data import Seen
from crm_metrics.ui.escape import esc
from crm_metrics.ui.words import grain_word

_SENTENCES = 5
_CARDS = 8
_TONES = {"up": "normal", "down": "inverse", "neutral": "off"}
# What a person asks of a channel first; opens are not here, since machines open mail too.
_FIRST = (
    "click_rate",
    "conversion_rate",
    "er_reach",
    "answered_within",
    "csat",
    "nps",
    "call_answer_rate",
    "win_rate",
    "repeat_purchase_rate",
    "revenue_per_buyer",
    "roas",
    "cpl",
)


def period_line(seen: Seen, language: str) -> None:
    """Which days are shown and which they are compared with."""
    if seen.period is None:
        return
    now = period_text(seen.period, language)
    if seen.before is None:
        st.caption(t("channels.period_alone", language, now=now))
    else:
        before = period_text(seen.before, language)
        st.caption(t("channels.period", language, now=now, before=before))


def sentences(seen: Seen, language: str) -> None:
    """Three to five sentences, the weightiest first."""
    said = channel_sentences(seen.rows, lang=language, currency=seen.currency, limit=_SENTENCES)
    st.markdown("\n".join(f"- {esc(sentence.text)}" for sentence in said))


def cards(seen: Seen, language: str) -> None:
    """A card for each main metric over all shown channels, with its change since before."""
    chosen = _headlines(seen)
    if not chosen:
        return
    with st.grid(4, min_column_width=210, key="cards"):
        for row in chosen:
            several = len(seen.together(row.metric)) > 1
            name = metric_name(row.metric, language)
            grain = grain_word(row.now.grain, language)
            card(row, language, f"{name} · {grain}" if several else name)


def card(row: ChannelRow, language: str, name: str) -> None:
    """A metric under `name`: its value, interval, n and change."""
    value = row.now
    change, tone, note = _change(row, language)
    help_key = f"metric.{row.metric}.help"
    with st.container(border=True, height="stretch"):
        st.metric(
            name,
            esc(value_text(value.value, row.unit, language, value.currency)),
            change,
            delta_color=tone,  # type: ignore[arg-type]
            help=t(help_key, language) if has(help_key, language) else None,
        )
        notes = [
            interval_words(value, row.unit, language),
            t("channels.n", language, n=integer_text(value.n, language)),
        ]
        st.caption(esc(" · ".join(part for part in notes if part)))
        st.caption(esc(note))


def interval_words(value: Value, unit: str, language: str) -> str:
    """The interval of a value as "2,1-2,5 %", "" where there is none."""
    if value.low is None or value.high is None:
        return ""
    low, high = (
        bound_text(end, value.value, unit, language, value.currency)  # type: ignore[arg-type]
        for end in (value.low, value.high)
    )
    return t("channels.interval", language, low=low, high=high)


def reason_words(flags: tuple[str, ...], language: str) -> str:
    """Why a value is not there, or what to keep in mind about it; "" where nothing."""
    return "; ".join(flag_text(flag, language) for flag in flags)


def _headlines(seen: Seen) -> list[ChannelRow]:
    rows = [row for key in seen.shared for row in seen.together(key)[:1]]
    asked = [row for row in rows if row.direction != "neutral" and "open" not in row.metric]
    return sorted(asked, key=lambda row: _place(row.metric))[:_CARDS]


def _place(metric: str) -> int:
    return _FIRST.index(metric) if metric in _FIRST else len(_FIRST)


def _change(row: ChannelRow, language: str) -> tuple[str | None, str, str]:
    """The signed change and its colour where it is clear; else a grey line that says so."""
    shift = row.shift
    if shift is None or shift.value is None or shift.low is None:
        return None, "off", t("channels.nothing_before", language)
    before = row.before.currency if row.before else None
    words = shift_texts(shift, row.unit, language, before)
    if not shift.clear:
        return None, "off", t("channels.no_clear_change", language, **words)
    return words["change"], _TONES[row.direction], t("channels.change_between", language, **words)
