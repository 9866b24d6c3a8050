"""The summary: three to seven sentences made of codes and numbers, ranked by size and certainty."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from crm_metrics.findings.compared import reading, shift
from crm_metrics.findings.report import ChannelRow, Sentence, SentenceCode, Shift
from crm_metrics.findings.wording import (
    channel_name,
    estimate,
    inside,
    metric_name,
    shift_texts,
    size_text,
)
from crm_metrics.texts import integer_text, t, value_text

_MOST = 7
_LEAST = 3
# Machines open mail before people do: opens tell a trend inside a channel, and that with half a
# voice, but never which channel is best.
_NOT_RANKED = ("open", "ctor", "read_rate")
_FEW = frozenset({"small_n", "few_units"})
_SURE = 4.0  # half-widths of the interval from zero: more adds nothing to certainty
_LARGE = math.log(3)  # a threefold change: more adds nothing to size
_OUT_OF_REACH = 20  # times the n at hand: then it is said what can be seen instead


def channel_sentences(
    rows: Sequence[ChannelRow], *, lang: str, currency: str | None = None, limit: int = _MOST
) -> tuple[Sentence, ...]:
    """What to say of channels, the weightiest first, at most `limit` sentences.

    Clear changes (at most two a channel) and clear leaders come first; then what looks most like a
    change or a lead and is not clear, and a channel with too few data; plain values fill up to
    three. Observational: the sentences say what differs, never why. The text is plain, not escaped
    for markdown. `currency` stands in where the data don't name theirs.
    """
    rows = [_in_currency(row, currency) for row in rows]
    counted = [row for row in rows if row.kind != "total" and row.now.value is not None]
    enough = [row for row in counted if not is_few(row)]
    moved = _at_most(2, (_change(row, lang) for row in enough if _is_clear(row)))[:4]
    found = (_leader(group, lang) for group in _groups(enough))
    races = [sentence for sentence in found if sentence is not None]
    leaders = _ranked(sentence for sentence in races if sentence.code == "leader")[:2]
    unmoved = [_no_clear(row, lang) for row in sorted(enough, key=_by_size) if _is_unclear(row)]
    few = [_few(row, lang) for row in sorted(counted, key=_by_n) if is_few(row)]
    doubts = [*unmoved[:1], *([] if leaders else races[:1]), *few[:1]]
    chosen = _ranked(moved + leaders)[: max(limit - len(doubts), 1)] + doubts
    said = {(sentence.metric, sentence.channel) for sentence in chosen}
    unsaid = (row for row in enough if (row.metric, row.channel) not in said)
    rest = sorted(unsaid, key=lambda row: (row.direction == "neutral", _by_n(row)))
    rest += [row for row in rows if row.kind == "total" and row.now.value is not None]
    levels = [_level(row, lang) for row in rest[: max(_LEAST - len(chosen), 0)]]
    return tuple((chosen + levels)[:limit]) or (Sentence("nothing", t("sentence.nothing", lang)),)


def is_few(row: ChannelRow) -> bool:
    """Whether the value stands on too few units to be judged."""
    return not _FEW.isdisjoint(row.now.flags)


def _in_currency(row: ChannelRow, currency: str | None) -> ChannelRow:
    if currency is None or row.unit != "money" or row.now.currency:
        return row
    return replace(row, now=replace(row.now, currency=currency))


def _is_clear(row: ChannelRow) -> bool:
    return row.shift is not None and row.shift.clear and _FEW.isdisjoint(row.shift.flags)


def _is_unclear(row: ChannelRow) -> bool:
    return row.shift is not None and not row.shift.clear and row.shift.low is not None


def _change(row: ChannelRow, lang: str) -> Sentence:
    assert row.shift is not None
    assert row.before is not None
    code = cast("SentenceCode", reading(row))
    weight = 0.5 if row.direction == "neutral" or row.metric.startswith(_NOT_RANKED) else 1.0
    return Sentence(
        code,
        _said(code, row, lang, **shift_texts(row.shift, row.unit, lang, row.now.currency)),
        weight * _rank(row, row.before.value, row.shift),
        row.metric,
        row.channel,
    )


def _no_clear(row: ChannelRow, lang: str) -> Sentence:
    assert row.shift is not None
    change = shift_texts(row.shift, row.unit, lang, row.now.currency)
    needed = row.shift.needed
    if needed is not None and needed <= _OUT_OF_REACH * max(row.now.n, 1):
        shown = integer_text(_rounded(needed), lang)
        text = _said("no_clear", row, lang, **change, needed=shown)
        return Sentence("no_clear", text, 0.0, row.metric, row.channel)
    visible = size_text(row.shift.visible or 0, row.unit, lang, row.now.currency)
    text = _said("no_clear_floor", row, lang, **change, visible=visible)
    return Sentence("no_clear_floor", text, 0.0, row.metric, row.channel)


def _few(row: ChannelRow, lang: str) -> Sentence:
    text = t("sentence.few", lang, **_names(row, lang), n=integer_text(row.now.n, lang))
    return Sentence("few", text, 0.0, row.metric, row.channel)


def _level(row: ChannelRow, lang: str) -> Sentence:
    if row.kind == "total":
        shown = value_text(row.now.value, row.unit, lang, row.now.currency)
        text = t("sentence.level", lang, **_names(row, lang), estimate=shown)
        return Sentence("total", text, 0.0, row.metric, row.channel)
    return Sentence("level", _said("level", row, lang), 0.0, row.metric, row.channel)


def _leader(group: list[ChannelRow], lang: str) -> Sentence | None:
    """Which of the channels is best in a metric that they share, if the data tell it."""
    best, second = sorted(group, key=_by_value)[:2]
    # One formula over rows of two grains is still one formula.
    apart = shift(best.now, replace(second.now, grain=best.now.grain))
    if apart.value is None or apart.low is None:
        return None
    code: SentenceCode = "leader" if apart.clear else "no_leader"
    text = t(
        f"sentence.{code}",
        lang,
        metric=metric_name(best.metric, lang),
        channel=channel_name(best.channel, lang),
        other=channel_name(second.channel, lang),
        estimate=estimate(best.now, best.unit, lang),
        other_estimate=estimate(second.now, best.unit, lang),
        **shift_texts(apart, best.unit, lang, best.now.currency),
    )
    rank = _rank(best, second.now.value, apart) if apart.clear else 0.0
    return Sentence(code, text, rank, best.metric, best.channel)


def _groups(rows: Iterable[ChannelRow]) -> list[list[ChannelRow]]:
    """Rows of at least two channels that share a metric with a better side and a formula.

    A channel that has the metric from campaigns and from recipients stands with the larger n.
    """
    groups: dict[tuple[str | None, ...], dict[str, ChannelRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.now.n):
        if row.direction != "neutral" and row.channel and not row.metric.startswith(_NOT_RANKED):
            shared = row.metric, row.kind, row.now.variant, row.now.currency
            groups[shared][row.channel] = row
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def _said(code: str, row: ChannelRow, lang: str, **params: str) -> str:
    shown = estimate(row.now, row.unit, lang)
    return t(f"sentence.{code}", lang, **_names(row, lang), estimate=shown, **params)


def _names(row: ChannelRow, lang: str) -> dict[str, str]:
    return {
        "channel": _channel(row.channel, lang),
        "metric": inside(metric_name(row.metric, lang)),
    }


def _channel(channel: str | None, lang: str) -> str:
    return channel_name(channel, lang) if channel else t("sentence.no_channel", lang)


def _rank(row: ChannelRow, base: float | None, apart: Shift) -> float:
    """Size times certainty, each up to 1."""
    half_width = ((apart.high or 0.0) - (apart.low or 0.0)) / 2
    distance = abs(apart.value or 0.0) / half_width if half_width > 0 else _SURE
    return _size(row, base, apart) * min(distance, _SURE) / _SURE


def _size(row: ChannelRow, base: float | None, apart: Shift) -> float:
    """The log ratio as a part of a threefold change; points of a score as a part of 100."""
    value = row.now.value or 0.0
    if row.unit == "points":
        return abs(apart.value or 0.0) / 100
    if base and base > 0 and value > 0:
        return min(abs(math.log(value / base)), _LARGE) / _LARGE
    return 1.0


def _ranked(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda sentence: -sentence.rank)


def _at_most(most: int, sentences: Iterable[Sentence]) -> list[Sentence]:
    """The ranked sentences, at most so many of one channel."""
    said: Counter[str | None] = Counter()
    kept = []
    for sentence in _ranked(sentences):
        said[sentence.channel] += 1
        if said[sentence.channel] <= most:
            kept.append(sentence)
    return kept


def _by_size(row: ChannelRow) -> float:
    if row.shift is None or row.before is None:
        return 0.0
    return -_size(row, row.before.value, row.shift)


def _by_n(row: ChannelRow) -> float:
    return -row.now.n


def _by_value(row: ChannelRow) -> float:
    value = row.now.value or 0.0
    return -value if row.direction == "up" else value


def _rounded(number: float) -> float:
    """Two digits are enough of a rough number: 80 731 -> 81 000."""
    size = 10 ** max(math.floor(math.log10(max(number, 1))) - 1, 0)
    return math.ceil(number / size) * size
