"""`metrics --compare` and `--rest`: what a value is set beside, in JSON and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import click

from crm_metrics.cli_split import CHANNEL, split_by_channel, split_document, split_lines
from crm_metrics.findings.report import Shift
from crm_metrics.findings.wording import flag_text, shift_texts
from crm_metrics.metrics import (
    AgainstRest,
    Change,
    Filters,
    Limits,
    Result,
    Value,
    against_the_rest,
    changes_from,
    compute,
    compute_each,
    periods,
)
from crm_metrics.metrics.comparing import spreads
from crm_metrics.metrics.comparing.several import Adjustment
from crm_metrics.metrics.declared import declaration
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.periods import Previous
from crm_metrics.texts import t

COMPARE = click.option(
    "--compare",
    "previous",
    type=click.Choice(["previous", "weekdays"]),
    callback=lambda _context, _option, value: "just_before" if value == "previous" else value,
    help="Set each value beside the period before, or the last with the same weekdays.",
)
REST = click.option(
    "--rest",
    "adjust",
    type=click.Choice(["holm", "bh"]),
    help="With --by: set each group beside all others together, p adjusted for how many there are.",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was computed: values now, and before where a period before was asked for.

    `channels` are the same of each channel now and before, where values are of all together.
    """

    now: Result
    before: Result | None = None
    each: tuple[Filters, Filters | None] | None = None
    channels: tuple[Result, Result] | None = None


def computed(
    engine: Engine,
    keys: Sequence[str] | None,
    by: Sequence[str],
    filters: Filters,
    previous: Previous | None,
    *,
    limits: Limits | None = None,
) -> Asked:
    """Values of the period asked for; with `previous` also those before (see `periods`)."""
    if previous is None:
        return Asked(compute(engine, keys, by=by, filters=filters, limits=limits))
    now, before = periods(engine, filters, previous=previous)
    each = [now, before] if before else [now]
    found = compute_each(engine, keys, each=each, by=by, limits=limits)
    if before is None:
        return Asked(found[0], None, (now, before))
    apart = None if by else compute_each(engine, keys, each=each, by=CHANNEL, limits=limits)
    return Asked(found[0], found[1], (now, before), (apart[0], apart[1]) if apart else None)


def rests_of(
    engine: Engine, asked: Asked, adjust: Adjustment, filters: Filters, limits: Limits
) -> tuple[AgainstRest, ...]:
    """Each group beside all others; a quantile by the values behind it, which no sums tell."""
    values = asked.now.values
    found = list(against_the_rest(values, adjust))
    for metric in dict.fromkeys((one.metric, one.grain) for one in values):
        if declaration(*metric).kind != "quantile":
            continue
        key, grain = metric
        places = [place for place, one in enumerate(values) if (one.metric, one.grain) == metric]
        own = [values[place] for place in places]
        behind = spreads(
            engine, key, by=tuple(own[0].group), filters=filters, limits=limits, grain=grain
        )
        compared = against_the_rest(own, adjust, spreads=behind)
        for place, one in zip(places, compared, strict=True):
            found[place] = one
    return tuple(found)


class Beside:
    """What stands beside each value, by its place."""

    def __init__(self, asked: Asked, rests: Sequence[AgainstRest] = ()) -> None:
        values = asked.now.values
        self._each = asked.each
        self._earlier = changes_from(values, asked.before.values if asked.before else ())
        self._rests = rests
        self._values = values
        self._channels = asked.channels

    def periods(self) -> dict[str, Any]:
        """The days compared, where they were asked for; None where none lie before."""
        if self._each is None:
            return {}
        now, before = (_days(filters) for filters in self._each)
        return {"periods": {"current": now, "previous": before}}

    def before(self, place: int) -> Value | None:
        """The value of the period before, None where there is none or none was asked for."""
        earlier = self._earlier[place]
        return earlier[0] if earlier else None

    def document(self, place: int) -> dict[str, Any]:
        """`previous`, `change` and `split`, and `rest`, of the value at this place."""
        found: dict[str, Any] = {}
        if self._each is not None:
            before, change = self._earlier[place] or (None, None)
            found["previous"] = _value(before) if before else None
            found["change"] = _change(change) if change else None
            if self._channels:
                split = split_by_channel(self._values[place], *self._channels)
                found["split"] = split_document(split)
        if self._rests:
            found["rest"] = _rest(self._rests[place])
        return found

    def lines(self, place: int, lang: str) -> list[str]:
        """The change and the distance to the rest, as a person reads them."""
        lines, value = [], self._values[place]
        if self._each is not None:
            earlier = self._earlier[place]
            lines.append(
                _said("change", earlier[1], value, lang) if earlier else t("cli.no_before", lang)
            )
        if self._channels:
            lines += split_lines(split_by_channel(value, *self._channels), value, lang)
        # A total of one group is no rate: the others' has nothing to say of it.
        if self._rests and declaration(value.metric, value.grain).kind != "total":
            lines.append(_said("rest", self._rests[place], value, lang))
        return lines


def _days(filters: Filters | None) -> list[str | None] | None:
    if filters is None or filters.start is None or filters.end is None:
        return None
    return [filters.start.isoformat(), filters.end.isoformat()]


def _value(value: Value) -> dict[str, Any]:
    return {
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "flags": value.flags,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "difference": change.difference,
        "low": change.low,
        "high": change.high,
        "relative": change.relative,
        "relative_low": change.relative_low,
        "relative_high": change.relative_high,
        "pvalue": change.pvalue,
        "clear": change.clear,
        "good": change.good,
        "flags": change.flags,
    }


def _rest(found: AgainstRest) -> dict[str, Any]:
    return {
        "value": found.rest,
        "n": found.rest_n,
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "pvalue": found.pvalue,
        "pvalue_adjusted": found.pvalue_adjusted,
        "adjustment": found.adjustment,
        "clear": found.clear,
        "good": found.good,
        "flags": found.flags,
    }


def _said(what: str, found: Change | AgainstRest, value: Value, lang: str) -> str:
    unit = declaration(value.metric, value.grain).unit
    shift = Shift(found.difference, found.low, found.high)
    words = shift_texts(shift, unit, lang, value.currency)
    if found.difference is None:
        line = t(f"cli.{what}_unknown", lang)
    elif found.low is None or found.high is None:
        line = t(f"cli.{what}_alone", lang, **words)
    else:
        line = t(f"cli.{what}_{'clear' if found.clear else 'open'}", lang, **words)
    return " ".join([line, *(flag_text(flag, lang) for flag in found.flags)])
