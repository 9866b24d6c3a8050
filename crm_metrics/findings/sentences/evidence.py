"""What sentences stand on beside the rows, and the words that all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from crm_metrics.findings.report import ChannelRow, Period, Sentence, SentenceCode
from crm_metrics.findings.wording import channel_name, estimate, inside, metric_name
from crm_metrics.metrics.goals import Judged
from crm_metrics.metrics.model import Value
from crm_metrics.texts import has, integer_text, period_text, t

FEW = frozenset({"small_n", "few_units"})
CONTRADICTION = frozenset({"impossible", "impossible_rows"})
# Machines open mail before people do: opens tell a trend inside a channel, and that with half a
# voice, but never which channel is best.
OPENS = ("open", "ctor", "read_rate")
HALF_VOICE = 0.5


@dataclass(frozen=True, slots=True)
class Evidence:
    """The period that rows are of, the one before, its values by channel, and judged goals.

    `earlier` holds every channel's value, also of channels that are silent now: without it no
    change of the total can be split.
    """

    period: Period | None = None
    before: Period | None = None
    earlier: tuple[Value, ...] = ()
    goals: tuple[Judged, ...] = ()


NOTHING = Evidence()


def is_few(row: ChannelRow) -> bool:
    """Whether the value stands on too few units to be judged."""
    return not FEW.isdisjoint(row.now.flags)


def is_sound(row: ChannelRow) -> bool:
    """Whether the value does not contradict itself."""
    return CONTRADICTION.isdisjoint(row.now.flags)


def may_rise(row: ChannelRow) -> bool:
    """Whether some of the messages are so young that the value will still rise."""
    return "immature" in row.now.flags


def rose(row: ChannelRow) -> bool:
    """Whether the value is above the one before: what is still to come only adds to that."""
    return row.shift is not None and (row.shift.value or 0.0) > 0


def voice(row: ChannelRow) -> float:
    """How much a row has to say: opens and what has no better side weigh half."""
    quiet = row.direction == "neutral" or row.metric.startswith(OPENS)
    return HALF_VOICE if quiet else 1.0


def made(
    code: SentenceCode,
    row: ChannelRow,
    lang: str,
    rank: float = 0.0,
    *,
    evidence: Evidence = NOTHING,
    more: Iterable[str] = (),
    words: Mapping[str, str] | None = None,
) -> Sentence:
    """The sentence of a row: what, how much, how sure, since when; `more`; what to do next.

    `words` fill what the sentence of this code has beside the words that all have.
    """
    shared = {
        "channel": named(row, lang),
        "metric": inside(metric_name(row.metric, lang)),
        "estimate": estimate(row.now, row.unit, lang),
        "n": integer_text(row.now.n, lang),
        "before": before_text(evidence, lang),
    }
    text = t(f"sentence.{code}", lang, **(shared | dict(words or {})))
    told = " ".join(part for part in (text, *more) if part)
    return sentence(code, told, lang, rank, metric=row.metric, channel=row.channel)


def sentence(
    code: SentenceCode,
    text: str,
    lang: str,
    rank: float = 0.0,
    *,
    metric: str | None = None,
    channel: str | None = None,
) -> Sentence:
    """A sentence with the next step of its code, where the code has one."""
    key = f"sentence.next.{code}"
    step = t(key, lang) if has(key, lang) else ""
    return Sentence(code, f"{text} {step}".rstrip(), rank, metric, channel, step)


def before_text(evidence: Evidence, lang: str) -> str:
    """The previous period, with its days where they are known: "the previous period (...)"."""
    if evidence.before is None:
        return t("sentence.previous", lang)
    return t("sentence.previous_of", lang, period=period_text(evidence.before, lang))


def named(row: ChannelRow, lang: str) -> str:
    """The channel of a row at the head of a sentence."""
    return channel_name(row.channel, lang) if row.channel else t("sentence.no_channel", lang)


def in_currency(rows: Sequence[ChannelRow], currency: str | None) -> list[ChannelRow]:
    """The rows, with a currency for amounts whose data don't name theirs."""
    return [
        replace(row, now=replace(row.now, currency=currency))
        if currency and row.unit == "money" and not row.now.currency
        else row
        for row in rows
    ]
