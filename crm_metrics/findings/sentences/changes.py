"""What changed in a channel since the previous period, what did not, and plain values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from crm_metrics.findings.compared import reading
from crm_metrics.findings.report import ChannelRow, Sentence, SentenceCode
from crm_metrics.findings.sentences.evidence import FEW, Evidence, made, named, sentence, voice
from crm_metrics.findings.sentences.weight import certainty_of, size_of, weight
from crm_metrics.findings.sentences.worth import Worth, worth_of
from crm_metrics.findings.wording import inside, metric_name, shift_texts, size_text
from crm_metrics.texts import integer_text, t, value_text

_OPEN = FEW | {"immature"}
_OUT_OF_REACH = 20  # times the n at hand: then it is said what can be seen instead


def clear_changes(
    rows: Sequence[ChannelRow], every: Sequence[ChannelRow], evidence: Evidence, lang: str
) -> list[Sentence]:
    """A sentence for each row that clearly changed; `every` row tells what it comes to in money."""
    return [_change(row, every, evidence, lang) for row in rows if is_clear(row)]


def unclear_changes(rows: Sequence[ChannelRow], evidence: Evidence, lang: str) -> list[Sentence]:
    """What looks most like a change and is not told from none, the largest first."""
    unclear = (row for row in rows if _is_unclear(row))
    return [_no_clear(row, evidence, lang) for row in sorted(unclear, key=lambda row: -_size(row))]


def too_few(row: ChannelRow, lang: str) -> Sentence:
    """That a channel has too few data to be judged."""
    text = t(
        "sentence.few",
        lang,
        channel=named(row, lang),
        metric=inside(metric_name(row.metric, lang)),
        n=integer_text(row.now.n, lang),
    )
    return sentence("few", text, lang, 0.0, metric=row.metric, channel=row.channel)


def level(row: ChannelRow, lang: str) -> Sentence:
    """A plain value with its interval; a total without one."""
    if row.kind != "total":
        return made("level", row, lang)
    shown = value_text(row.now.value, row.unit, lang, row.now.currency)
    name = inside(metric_name(row.metric, lang))
    text = t("sentence.level", lang, channel=named(row, lang), metric=name, estimate=shown)
    return Sentence("total", text, 0.0, row.metric, row.channel)


def is_clear(row: ChannelRow) -> bool:
    """Whether the change of a row is clear, will not come undone, and stands on enough units."""
    shift = row.shift
    return shift is not None and shift.clear and _OPEN.isdisjoint(shift.flags)


def rounded(number: float) -> float:
    """Two digits are enough of a rough number: 80 731 -> 81 000."""
    size = 10 ** max(math.floor(math.log10(max(number, 1))) - 1, 0)
    return math.ceil(number / size) * size


def worth_text(worth: Worth | None, lang: str) -> str:
    """What a change comes to in money, with its likely range; "" where no money is known."""
    if worth is None:
        return ""
    value, low, high = (
        ("+" if part > 0 else "\u2212" if part < 0 else "")
        + value_text(rounded_to_money(abs(part)), "money", lang, worth.currency)
        for part in (worth.value, worth.low, worth.high)
    )
    return t("sentence.worth", lang, worth=value, low=low, high=high)


def rounded_to_money(amount: float) -> float:
    """Three digits are enough of an estimate of money."""
    if amount <= 0:
        return 0.0
    size = 10.0 ** (math.floor(math.log10(amount)) - 2)
    return round(amount / size) * size


def _change(
    row: ChannelRow, every: Sequence[ChannelRow], evidence: Evidence, lang: str
) -> Sentence:
    assert row.shift is not None
    shift = row.shift
    worth = worth_of(row, every)
    rank = weight(
        _size(row),
        certainty_of(shift.value, shift.low, shift.high),
        worth.share if worth else 0.0,
    )
    code = cast("SentenceCode", reading(row))
    texts = shift_texts(shift, row.unit, lang, row.now.currency)
    more = [worth_text(worth, lang)]
    rank *= voice(row)
    return made(code, row, lang, rank, evidence=evidence, more=more, words=texts)


def _no_clear(row: ChannelRow, evidence: Evidence, lang: str) -> Sentence:
    assert row.shift is not None
    change = shift_texts(row.shift, row.unit, lang, row.now.currency)
    needed = row.shift.needed
    if needed is not None and needed <= _OUT_OF_REACH * max(row.now.n, 1):
        change["needed"] = integer_text(rounded(needed), lang)
        return made("no_clear", row, lang, evidence=evidence, words=change)
    change["visible"] = size_text(row.shift.visible or 0, row.unit, lang, row.now.currency)
    return made("no_clear_floor", row, lang, evidence=evidence, words=change)


def _is_unclear(row: ChannelRow) -> bool:
    return row.shift is not None and not row.shift.clear and row.shift.low is not None


def _size(row: ChannelRow) -> float:
    return size_of(row.unit, row.now.value, row.before.value if row.before else None)
