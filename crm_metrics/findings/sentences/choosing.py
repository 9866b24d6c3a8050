"""Which sentences are said: the weightiest first, few of each kind, doubts after what is sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crm_metrics.findings.report import ChannelRow, Sentence
from crm_metrics.findings.sentences.changes import (
    clear_changes,
    level,
    too_few,
    unclear_changes,
)
from crm_metrics.findings.sentences.channels import mixes, standing
from crm_metrics.findings.sentences.doubts import complaints, machine_opens, stopping
from crm_metrics.findings.sentences.evidence import (
    NOTHING,
    Evidence,
    in_currency,
    is_few,
    is_sound,
    may_rise,
    rose,
)
from crm_metrics.findings.sentences.goals import goals_said
from crm_metrics.texts import t

_MOST = 7
_LEAST = 3
_MOST_DOUBTS = 3
_MOST_OF = {"changes": 4, "standing": 2, "mixes": 1, "goals": 2}
_MOST_OF_CHANNEL = 2
# What is delivered has not bounced: both say one thing.
_SAME_FACT = {"delivery_rate": "bounce_rate"}


def channel_sentences(
    rows: Sequence[ChannelRow],
    *,
    lang: str,
    currency: str | None = None,
    limit: int = _MOST,
    evidence: Evidence = NOTHING,
) -> tuple[Sentence, ...]:
    """What to say of channels, the weightiest first, at most `limit` sentences.

    First what the data decide: clear changes (at most two a channel), complaints over a limit,
    channels apart from the rest, what the mix of channels did, goals met or missed; the first of
    each kind has its place, and all are ranked by size, certainty and money (`weight`). Then
    doubts: data that stop a verdict, what looks most like a change or a lead and is not clear, a
    channel with too few data. Plain values fill up to three. Observational: the sentences say what
    differs, never why. The text is plain, not escaped for markdown. `currency` stands in where the
    data don't name theirs.
    """
    rows = in_currency(rows, currency)
    counted = [row for row in rows if row.kind != "total" and row.now.value is not None]
    counted = [row for row in counted if not row.now.is_stated]
    enough = [row for row in counted if not is_few(row)]
    kinds, doubts = _found(rows, counted, enough, evidence, lang)
    sure = sum(len(kind) for kind in kinds)
    least = 1 if limit < _MOST else 2
    room = min(max(limit - sure, least), _MOST_DOUBTS, max(limit - 1, 1))
    doubts = doubts[:room]
    chosen = _weightiest(kinds, max(limit - len(doubts), 1)) + doubts
    said = {(sentence.metric, sentence.channel) for sentence in chosen}
    unsaid = (row for row in enough if (row.metric, row.channel) not in said)
    rest = sorted(unsaid, key=lambda row: (row.direction == "neutral", -row.now.n))
    rest += [row for row in rows if row.kind == "total" and row.now.value is not None]
    levels = [level(row, lang) for row in rest[: max(_LEAST - len(chosen), 0)]]
    told = (chosen + levels)[:limit] or [Sentence("nothing", t("sentence.nothing", lang))]
    return tuple(told if any(row.channel for row in rows) else _without_channel(told, lang))


def _without_channel(told: Sequence[Sentence], lang: str) -> list[Sentence]:
    """The sentences where no row has a channel: that it is not given need not head each."""
    head = f"{t('sentence.no_channel', lang)}, "
    cut = [(one, one.text.removeprefix(head)) for one in told]
    return [
        one if one.text == text else replace(one, text=text[:1].upper() + text[1:])
        for one, text in cut
    ]


def _found(
    rows: Sequence[ChannelRow],
    counted: Sequence[ChannelRow],
    enough: Sequence[ChannelRow],
    evidence: Evidence,
    lang: str,
) -> tuple[list[list[Sentence]], list[Sentence]]:
    """What the data decide, a list a kind, and the doubts in the order in which they matter."""
    sound = [row for row in enough if is_sound(row) and (rose(row) or not may_rise(row))]
    changes = _of_each_channel(clear_changes(sound, rows, evidence, lang))
    apart, none_apart = standing(_ripe(counted), counted, lang)
    mixed = mixes(counted, evidence, lang)
    shown = [one for one in mixed if one.code != "simpson_unclear"]
    decided, undecided = goals_said(evidence, lang)
    over, risk = complaints(counted, lang)
    kinds = [
        changes[: _MOST_OF["changes"]],
        _ranked(over),
        _ranked(one for one in shown if one.code == "simpson")[:1],
        _ranked(decided)[: _MOST_OF["goals"]],
        _other_facts_first(_ranked(apart))[: _MOST_OF["standing"]],
        _ranked(one for one in shown if one.code != "simpson")[: _MOST_OF["mixes"]],
    ]
    few = [too_few(row, lang) for row in sorted(counted, key=lambda row: -row.now.n) if is_few(row)]
    doubts = [
        *stopping(rows, lang)[:1],
        *risk[:1],
        *[one for one in mixed if one.code == "simpson_unclear"][:1],
        *unclear_changes(sound, evidence, lang)[:1],
        *([] if apart else none_apart[:1]),
        *few[:1],
        *undecided[:1],
        *machine_opens(counted, lang)[:1],
    ]
    return kinds, doubts


def _ripe(rows: Sequence[ChannelRow]) -> list[ChannelRow]:
    return [row for row in rows if is_sound(row) and not may_rise(row)]


def _weightiest(kinds: Sequence[list[Sentence]], most: int) -> list[Sentence]:
    """The first of each kind, as far as there is room, then whatever weighs most; ranked.

    Kinds differ in size by nature: a channel is further from another than from its own last month,
    and the page is to say what changed as well.
    """
    first = [kind[0] for kind in kinds if kind][:most]
    rest = _ranked(one for kind in kinds for one in kind[1:])
    return _ranked([*first, *rest[: most - len(first)]])


def _ranked(sentences: Iterable[Sentence]) -> list[Sentence]:
    return sorted(sentences, key=lambda sentence: -sentence.rank)


def _other_facts_first(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The first sentence of each fact, then the rest: one channel ahead is another behind.

    Of two metrics that say one fact only the weightier stays.
    """
    first: dict[str | None, Sentence] = {}
    for sentence in sentences:
        first.setdefault(_fact(sentence), sentence)
    kept = [one for one in sentences if one.metric == first[_fact(one)].metric]
    return sorted(kept, key=lambda one: first[_fact(one)] is not one)


def _of_each_channel(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The ranked sentences, at most two facts of one channel, each once."""
    said: Counter[str | None] = Counter()
    facts = set()
    kept = []
    for sentence in _ranked(sentences):
        fact = _fact(sentence), sentence.channel
        said[sentence.channel] += fact not in facts
        if said[sentence.channel] <= _MOST_OF_CHANNEL and fact not in facts:
            kept.append(sentence)
        facts.add(fact)
    return kept


def _fact(sentence: Sentence) -> str | None:
    return _SAME_FACT.get(sentence.metric or "", sentence.metric)
