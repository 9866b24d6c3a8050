"""Guesses that a currency, or the columns beside, rule out or strengthen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.cells.words import known_meaning
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.headers.synonyms import OFTEN, Guess
from crm_metrics.mapping.model import Why
from crm_metrics.schema import Kind, field_named

_MEASURED: frozenset[Kind] = frozenset({"count", "money", "rate", "duration"})
_CALLED = frozenset({"phone", "caller", "callee", "customer_id"})
_SOLD = "orders"
_EARNED = "revenue"
_STRONG, _WEAK, _LESS = 0.95, 0.6, 0.05


def narrowed(
    guesses: Sequence[tuple[Guess, ...]], names: Sequence[HeaderName], profiles: Sequence[Profile]
) -> tuple[tuple[Guess, ...], ...]:
    """The guesses per column, in the light of currencies and of columns per channel."""
    parts = _of_one_channel(names)
    return tuple(
        tuple(
            guess
            for guess in _by_currency(found, names[place], profiles[place])
            if place not in parts or field_named(guess.field).kind not in _MEASURED
            # A bare "number" of digits as phones have is no number of an order.
            if profiles[place].kind != "phone" or not _is_bare_id(guess)
        )
        for place, found in enumerate(guesses)
    )


def _is_bare_id(guess: Guess) -> bool:
    return (
        guess.why.code == OFTEN
        and field_named(guess.field).kind == "id"
        and guess.field not in _CALLED
    )


def _by_currency(found: tuple[Guess, ...], name: HeaderName, values: Profile) -> tuple[Guess, ...]:
    """What has a currency is no count, and what was sold is then what it brought."""
    sold = [guess for guess in found if guess.field == _SOLD]
    if not (name.currency or values.currency):
        # "Sales" beside amounts in a currency are counted; alone they may be either.
        return tuple(
            replace(guess, score=guess.score - _LESS)
            if guess.field == _SOLD and guess.why.code == OFTEN
            else guess
            for guess in found
            if guess.field != _SOLD or guess.why.code != OFTEN or values.whole
        )
    kept = [guess for guess in found if field_named(guess.field).kind != "count"]
    earned = [guess for guess in kept if guess.field == _EARNED]
    if sold and earned:
        kept = [replace(guess, score=_STRONG) if guess in earned else guess for guess in kept]
    elif sold:
        best = max(sold, key=lambda guess: guess.score)
        kept.append(replace(best, field=_EARNED, score=_WEAK, level="ask", why=Why(OFTEN)))
    return tuple(kept)


def _of_one_channel(names: Sequence[HeaderName]) -> frozenset[int]:
    """Columns of one channel beside the same of another: "Email sent" and "SMS sent"."""
    by_channel: dict[str, dict[tuple[str, ...], int]] = defaultdict(dict)
    for place, name in enumerate(names):
        for at in (0, -1):
            if len(name.words) > 1 and (channel := _channel(name.words[at])):
                rest = name.words[1:] if at == 0 else name.words[:-1]
                by_channel[channel].setdefault(rest, place)
                break
    found: set[int] = set()
    for channel, own in by_channel.items():
        others = [rests for other, rests in by_channel.items() if other != channel]
        if any(own.keys() & rests.keys() for rests in others):
            found.update(own.values())
    return frozenset(found)


def _channel(word: str) -> str | None:
    return known_meaning("platform", word) or known_meaning("channel", word)
