"""Channels beside each other: which stand apart from the rest, and what the mix of them did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from crm_metrics.findings.report import ChannelRow, Sentence, SentenceCode, Shift
from crm_metrics.findings.sentences.evidence import (
    OPENS,
    Evidence,
    before_text,
    is_sound,
    may_rise,
    sentence,
    voice,
)
from crm_metrics.findings.sentences.weight import certainty_of, size_of, weight
from crm_metrics.findings.wording import (
    channel_name,
    estimate,
    inside,
    metric_name,
    shift_texts,
)
from crm_metrics.metrics.comparing import AgainstRest, Simpson, Split, against_the_rest
from crm_metrics.metrics.comparing import simpson as paradox
from crm_metrics.metrics.comparing import split as split_of
from crm_metrics.metrics.comparing.change import base_of
from crm_metrics.metrics.model import Value
from crm_metrics.texts import integer_text, t, value_text

_SOME = 0.2  # of the change: less of it is not worth a sentence on the mix


def standing(
    rows: Sequence[ChannelRow], every: Sequence[ChannelRow], lang: str
) -> tuple[list[Sentence], list[Sentence]]:
    """Channels clearly ahead of or behind all others together, and metrics where none is.

    Holm's method allows for the number of channels. Opens rank no channels. `every` has beside
    `rows` what can't be judged yet: none is called ahead while one of these stands higher.
    """
    apart: list[Sentence] = []
    level: list[Sentence] = []
    for group in _groups(rows):
        found = against_the_rest([row.now for row in group])
        pairs = list(zip(group, found, strict=True))
        judged = [pair for pair in pairs if pair[1].pvalue_adjusted is not None]
        clear = [pair for pair in judged if pair[1].clear and pair[1].good is not None]
        if len(pairs) == 2:  # each is the other's rest: said once
            clear = [pair for pair in clear if pair[1].good]
        beside = [row for row in every if base_of(row.now) == base_of(group[0].now)]
        apart += [
            _apart(row, one, len(judged), lang)
            for row, one in clear
            if _at_the_end(row, one, beside)
        ]
        if len(judged) > 1 and not any(one.clear for _, one in judged):
            level.append(_none_apart([row for row, _ in judged], lang))
    return apart, level


def mixes(rows: Sequence[ChannelRow], evidence: Evidence, lang: str) -> list[Sentence]:
    """Where the total's change is not what happened inside the channels."""
    if not evidence.earlier:
        return []
    found = []
    for group, before in _totals(rows, evidence.earlier):
        split = split_of([row.now for row in group], before)
        said = _of_split(split, group, evidence, lang)
        if said is not None:
            found.append(said)
    return found


def _at_the_end(row: ChannelRow, found: AgainstRest, beside: Sequence[ChannelRow]) -> bool:
    """Whether no value beside lies further to the side on which this one left the rest."""
    side = 1.0 if (found.difference or 0.0) > 0 else -1.0
    own = row.now.value or 0.0
    return not any(
        side * ((own if one.now.value is None else one.now.value) - own) > 0
        for one in beside
        if one.channel != row.channel
    )


def _apart(row: ChannelRow, found: AgainstRest, count: int, lang: str) -> Sentence:
    code: SentenceCode = "leader" if found.good else "trailing"
    difference = Shift(found.difference, found.low, found.high)
    rank = weight(
        size_of(row.unit, row.now.value, found.rest),
        certainty_of(found.difference, found.low, found.high),
    )
    text = t(
        f"sentence.{code}",
        lang,
        metric=metric_name(row.metric, lang),
        channel=channel_name(row.channel, lang),
        estimate=estimate(row.now, row.unit, lang),
        rest=value_text(found.rest, row.unit, lang, row.now.currency),
        rest_n=integer_text(found.rest_n or 0, lang),
        count=integer_text(count, lang),
        **shift_texts(difference, row.unit, lang, row.now.currency),
    )
    return sentence(code, text, lang, rank, metric=row.metric, channel=row.channel)


def _none_apart(rows: list[ChannelRow], lang: str) -> Sentence:
    first = rows[0]
    sign = -1 if first.direction == "up" else 1
    best, *_, last = sorted(rows, key=lambda row: sign * (row.now.value or 0.0))
    text = t(
        "sentence.no_leader",
        lang,
        metric=metric_name(first.metric, lang),
        channel=channel_name(best.channel, lang),
        other=channel_name(last.channel, lang),
        estimate=estimate(best.now, best.unit, lang),
        other_estimate=estimate(last.now, last.unit, lang),
        count=integer_text(len(rows), lang),
    )
    return sentence("no_leader", text, lang, 0.0, metric=first.metric, channel=best.channel)


def _groups(rows: Sequence[ChannelRow]) -> list[list[ChannelRow]]:
    """Rows of at least two channels that share a metric with a better side and a formula.

    A channel that has the metric from several kinds of rows stands with the larger n.
    """
    groups: dict[tuple[object, ...], dict[str, ChannelRow]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.now.n):
        ranked = row.direction != "neutral" and not row.metric.startswith(OPENS)
        if ranked and row.channel and row.kind not in ("total", "quantile"):
            groups[base_of(row.now)][row.channel] = row
    return [list(group.values()) for group in groups.values() if len(group) > 1]


def _totals(
    rows: Sequence[ChannelRow], earlier: Sequence[Value]
) -> list[tuple[list[ChannelRow], list[Value]]]:
    """Each metric's rows by channel, and its values by channel in the period before.

    Where a channel has a metric twice, from two kinds of rows, the two can't be weighed.
    """
    groups: dict[tuple[object, ...], list[ChannelRow]] = defaultdict(list)
    for row in rows:
        if row.kind in ("proportion", "ratio", "mean", "nps"):
            groups[base_of(row.now)].append(row)
    before: dict[tuple[object, ...], list[Value]] = defaultdict(list)
    for value in earlier:
        before[base_of(value)].append(value)
    return [
        (group, before[key])
        for key, group in groups.items()
        if before[key]
        and len(group) > 1
        and len({row.channel for row in group}) == len(group)
        and all(is_sound(row) for row in group)
    ]


def _of_split(
    found: Split, group: list[ChannelRow], evidence: Evidence, lang: str
) -> Sentence | None:
    seen = paradox(found)
    code = _code(found, seen)
    falls = (found.total.difference or 0.0) <= 0
    if code is None or (falls and any(may_rise(row) for row in group)):
        return None
    total, row = found.total, group[0]
    moved = sorted(found.groups, key=lambda one: one.weight_now - one.weight_before)
    now = sum((one.now or 0.0) * one.weight_now for one in found.groups)
    before = sum((one.before or 0.0) * one.weight_before for one in found.groups)
    rises = seen is not None and seen.difference > 0
    text = t(
        f"sentence.{code}{'_up' if rises else ''}",
        lang,
        metric=inside(metric_name(row.metric, lang)),
        now=value_text(now, row.unit, lang, row.now.currency),
        n=integer_text(sum(one.now.n for one in group), lang),
        before=before_text(evidence, lang),
        groups=integer_text(seen.groups if seen else len(found.groups), lang),
        grown=channel_name(moved[-1].group.get("channel"), lang),
        shrunk=channel_name(moved[0].group.get("channel"), lang),
        **_parts(found, row, lang),
    )
    certain = certainty_of(total.difference, total.low, total.high)
    rank = weight(size_of(row.unit, now, before), certain) * voice(row)
    if code == "simpson_unclear":
        rank = 0.0
    return sentence(code, text, lang, rank, metric=row.metric)


def _code(found: Split, seen: Simpson | None) -> SentenceCode | None:
    """What is worth saying of a split; None where the channels changed as the total did."""
    total, mix = found.total.difference, found.mix.value
    if found.flags or total is None or mix is None:
        return None
    if seen is not None:
        return "simpson" if seen.clear else "simpson_unclear"
    if not found.total.clear or not found.mix.clear or abs(mix) < _SOME * abs(total):
        return None
    if not found.within.clear and mix * total > 0 and abs(mix) > abs(total) / 2:
        return "mix"
    return "mix_part"


def _parts(found: Split, row: ChannelRow, lang: str) -> dict[str, str]:
    """The total's change and both of its parts, each with its interval, signed."""
    total = Shift(found.total.difference, found.total.low, found.total.high)
    texts = shift_texts(total, row.unit, lang, row.now.currency)
    for name, part in (("within", found.within), ("mix", found.mix)):
        own = shift_texts(Shift(part.value, part.low, part.high), row.unit, lang, row.now.currency)
        texts |= {key.replace("change", name): text for key, text in own.items()}
    return texts
