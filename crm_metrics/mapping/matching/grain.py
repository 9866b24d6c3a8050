"""Which grain an unknown table has: the one whose needs are met and whose fields fit best."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.headers.leaving_out import row_named_by, rows_titled
from crm_metrics.mapping.headers.synonyms import OFTEN, SUMS, Guess, on_grain
from crm_metrics.mapping.headers.wording import concepts
from crm_metrics.mapping.matching.agreement import settle
from crm_metrics.mapping.model import Level, Why
from crm_metrics.schema import GRAINS, Kind, field_named, fields_of
from crm_metrics.schema.grains import COMMON

_NEAR = 0.8
_FAR = 0.65
_CLEAR = 2.2
_CLEAR_ALONE = 1.3
_THIN = 0.7
_WEIGHTY, _MANY = 0.6, 2
_LEVEL_WEIGHT: dict[Level, float] = {"sure": 1.0, "likely": 1.0, "ask": 0.5, "none": 0.0}
_TIMES: frozenset[Kind] = frozenset({"date", "timestamp"})
_POST = frozenset({"post_id", "published_at", "post_type", "text", "url", "is_paid"})
_OF_ONE_POST = frozenset({"post_id", "post_type", "text"})
_NAMELESS = 0.6
_NAMED = 0.15
_MOST_NAMED = 4
_TITLED = 1.5
_TOLD_OTHERWISE = 2
_BEYOND_DOUBT = 3.0
_A_QUESTION = 4
_WELL_NAMED = 3
_OUTCOMES = frozenset({"opened", "clicked", "opens_total", "clicks_total", "bounced", "complained"})
_OUTCOMES |= {"opened_at", "clicked_at", "delivered_at"}
_NUMBER_OF = {"orders": "order_id", "conversations": "conversation_id", "calls": "call_id"}
_DAILY = frozenset({"traffic", "spend", "page_days"})
# What tells an event's participants, or a sale that goes on, from other people and orders.
_TELLING = {
    "attendance": frozenset(
        {"event_name", "attended", "joined_at", "left_at", "minutes_attended", "registration_id"}
    ),
    "deals": frozenset(
        {"stage", "pipeline", "probability", "expected_close_at", "closed_at", "lost_reason"}
        | {"deal_type", "is_closed", "next_task_at", "contact_name", "title"}
    ),
}
# Many people have a role; a list of those who work in a CRM tells who may and who does as well.
_OF_STAFF, _LEAST_OF_STAFF = frozenset({"is_active", "role", "last_login_at"}), 2
_UNTOLD = 0.7
_IDENTITY = frozenset({"email", "phone", "full_name", "first_name", "last_name", "company", "city"})


@dataclass(frozen=True, slots=True)
class GrainChoice:
    """The grain (None where nothing fits), the guess taken per column position, and why.

    `put_off` are columns whose guesses wait until the user says what a row is.
    """

    grain: str | None
    taken: dict[int, Guess]
    level: Level
    why: Why
    put_off: frozenset[int] = frozenset()


def choose_grain(
    guesses: Sequence[tuple[Guess, ...]],
    profiles: Sequence[Profile],
    rates: Sequence[bool],
    names: Sequence[HeaderName],
    titles: Sequence[HeaderName] = (),
) -> GrainChoice:
    """The best grain over all; near ties and thin evidence are left for the user to settle.

    `titles` are the names of the file and of its sheet: they speak for what they name.
    """
    ranked: list[tuple[float, str, dict[int, Guess]]] = []
    people = _names_people(guesses, profiles)
    said = _said(guesses, names)
    titled = frozenset[str]().union(
        *(rows_titled(frozenset(concepts(title.words))) for title in titles)
    )
    for grain in GRAINS:
        taken = assign(guesses, profiles, rates, grain)
        if (fit := _fit(grain, taken)) > 0 and (grain != "staff" or _are_staff(taken)):
            fit = fit * _NAMELESS if people and grain in SUMS else fit
            told = said[grain] or grain in titled or _is_told(grain, taken)
            fit = (fit if told else fit * _UNTOLD) + _NAMED * min(said[grain], _MOST_NAMED)
            ranked.append((fit * _TITLED if grain in titled else fit, grain, taken))
    ranked = _without_days_of_posts(_without_mere_contacts(ranked))
    ranked.sort(key=lambda item: -item[0])
    if not ranked or ranked[0][0] < _THIN:
        return GrainChoice(None, {}, "ask", Why("no_grain"))
    best, grain, taken = ranked[0]
    ranked[1:] = [item for item in ranked[1:] if not _is_within(item[2], taken)]
    taken = settle(taken, guesses, profiles, grain)
    if len(ranked) > 1 and ranked[1][0] >= _NEAR * best:
        return _asked(grain, taken, ranked[1][2], Why("grain_tie"))
    for fit, rival, other in ranked[1:]:
        if fit >= _WEIGHTY * best and _left_over(taken, other, rival) >= _MANY:
            return _asked(grain, taken, other, Why("grain_tie"))
    if (
        best < _BEYOND_DOUBT
        and said[grain] == 0
        and max(said.values(), default=0) >= _TOLD_OTHERWISE
    ):
        # The headers name other things than such rows are.
        return _asked(grain, taken, {}, Why("grain_tie"))
    alone = len(ranked) == 1 or ranked[1][0] < _FAR * best
    why = Why("grain_fits", {"fields": str(len(taken))})
    named = len(_IDENTITY & {guess.field for guess in taken.values()})
    sure_people = grain == "contacts" and named >= _WELL_NAMED
    enough = sure_people or (alone and _is_whole(grain, taken, names))
    if enough or best >= (_CLEAR_ALONE if alone else _CLEAR):
        return GrainChoice(grain, taken, "likely", why)
    return _asked(grain, taken, ranked[1][2] if ranked[1:] else {}, why)


def _is_whole(grain: str, taken: dict[int, Guess], names: Sequence[HeaderName]) -> bool:
    """Whether a table of days has no other column: little, but nothing speaks against it."""
    likely = all(guess.level != "ask" for guess in taken.values())
    return likely and grain in _DAILY and len(taken) == len(names)


def _asked(grain: str, taken: dict[int, Guess], other: dict[int, Guess], why: Why) -> GrainChoice:
    kept = _common(taken, other)
    return GrainChoice(grain, kept, "ask", why, frozenset(taken.keys() - kept.keys()))


def _said(guesses: Sequence[tuple[Guess, ...]], names: Sequence[HeaderName]) -> Counter[str]:
    """How many headers name the rows of a grain; a question to a person speaks of a survey."""
    said = Counter(
        grain for name in names for grain in row_named_by(frozenset(concepts(name.words)))
    )
    said["surveys"] += _A_QUESTION * sum(
        any(guess.why.code == "question" for guess in found) for found in guesses
    )
    return said


def _names_people(guesses: Sequence[tuple[Guess, ...]], profiles: Sequence[Profile]) -> bool:
    """Whether the rows have the addresses of their own people."""
    return any(
        values.kind == "email"
        and 2 * len(values.words) > min(values.filled, 60)
        and any(guess.field == "email" for guess in found)
        for found, values in zip(guesses, profiles, strict=True)
    )


def _common(taken: dict[int, Guess], other: dict[int, Guess]) -> dict[int, Guess]:
    """What holds whatever the rows are, or on two grains; the rest waits for the user's choice."""
    return {
        place: guess
        for place, guess in taken.items()
        if (place in other and other[place].field == guess.field)
        or (place not in other and guess.level != "ask" and guess.field in COMMON)
    }


def _is_within(other: dict[int, Guess], taken: dict[int, Guess]) -> bool:
    """Whether a grain explains fewer columns than the best one, and none otherwise as well."""
    agrees = all(
        place in taken
        and (taken[place].field == guess.field or (guess.level == "ask" != taken[place].level))
        for place, guess in other.items()
    )
    more = (guess.level for place, guess in taken.items() if place not in other)
    return agrees and any(level != "ask" for level in more)


def _left_over(taken: dict[int, Guess], other: dict[int, Guess], rival: str) -> int:
    """How many columns without a field on the best grain are amounts or counts of the rival."""
    own = {key for key in GRAINS[rival].own if field_named(key).kind in {"count", "money"}}
    return sum(place not in taken and guess.field in own for place, guess in other.items())


def _without_mere_contacts(
    ranked: list[tuple[float, str, dict[int, Guess]]],
) -> list[tuple[float, str, dict[int, Guess]]]:
    """People with what they did with a message are its recipients, not a list of contacts.

    People with the numbers of their orders rather are those orders.
    """
    taken = {grain: fields for _, grain, fields in ranked}
    found = {guess.field for guess in taken.get("recipients", {}).values()}
    if found & _OUTCOMES:
        return [item for item in ranked if item[1] != "contacts"]
    if any(_numbers_its_rows(grain, fields) for grain, fields in taken.items()):
        return [
            (fit * _NAMELESS if grain == "contacts" else fit, grain, fields)
            for fit, grain, fields in ranked
        ]
    return ranked


def _are_staff(taken: dict[int, Guess]) -> bool:
    return len(_OF_STAFF & {guess.field for guess in taken.values()}) >= _LEAST_OF_STAFF


def _numbers_its_rows(grain: str, taken: dict[int, Guess]) -> bool:
    """Whether the header says outright that the rows are this grain's: an order's number."""
    return any(
        _NUMBER_OF.get(grain) == guess.field and guess.why.code == "synonym"
        for guess in taken.values()
    )


def _without_days_of_posts(
    ranked: list[tuple[float, str, dict[int, Guess]]],
) -> list[tuple[float, str, dict[int, Guess]]]:
    """A day of an account has no text and no type of its own, as its posts do."""
    taken = {grain: fields for _, grain, fields in ranked}
    found = {guess.field for guess in taken.get("posts", {}).values()}
    if not found & _OF_ONE_POST:
        return ranked
    return [item for item in ranked if item[1] != "page_days"]


def _is_told(grain: str, taken: dict[int, Guess]) -> bool:
    """Whether a field that is met on such rows only speaks for the grain."""
    telling = _TELLING.get(grain)
    return telling is None or any(
        guess.field in telling and guess.level != "ask" for guess in taken.values()
    )


def assign(
    guesses: Sequence[tuple[Guess, ...]],
    profiles: Sequence[Profile],
    rates: Sequence[bool],
    grain: str,
    *,
    taken_fields: frozenset[str] = frozenset(),
) -> dict[int, Guess]:
    """One field per column and one column per field, the best guesses first."""
    order = {field: place for place, field in enumerate(fields_of(grain))}
    pairs = [
        (guess, position)
        for position, found in enumerate(guesses)
        for guess in on_grain(found, profiles[position], grain, rate=rates[position])
    ]
    pairs.sort(key=lambda p: (-p[0].score, profiles[p[1]].kind == "empty", order[p[0].field], p[1]))
    taken: dict[int, Guess] = {}
    used = set(taken_fields)
    for guess, position in pairs:
        if position not in taken and guess.field not in used:
            taken[position] = guess
            used.add(guess.field)
    return taken


def _fit(grain: str, taken: dict[int, Guess]) -> float:
    """How well the fields speak for the grain; 0 where its needs are not met.

    A field that few grains own says more than one that many share.
    """
    strength = {guess.field: _LEVEL_WEIGHT[guess.level] * guess.score for guess in taken.values()}
    own = set(GRAINS[grain].own)
    # Any table has dates; those that several grains know do not make it a log of calls.
    vague = {
        guess.field
        for guess in taken.values()
        if field_named(guess.field).kind == "timestamp"
        and (guess.why.code == OFTEN or _owners().get(guess.field, 1) > 1)
    }
    fit = 0.0
    for group in GRAINS[grain].required:
        unsaid = vague if any(field_named(field).kind not in _TIMES for field in group) else set()
        met = [field for field in group if field in strength and field not in unsaid]
        if not met:
            return 0.0
        fit += max(_meets(grain, field) * strength[field] for field in met)
    for field, weight in strength.items():
        if field in own:
            fit += weight / _owners()[field] ** 0.5
        elif grain == "contacts" and field in _IDENTITY:
            fit += 0.25 * weight
        elif field == "date" and grain in _DAILY:
            fit += 0.2 * weight
        else:
            fit += 0.05 * weight
    if grain == "posts" and not _POST.intersection(strength.keys() - vague):
        # Sums of a day, not of a post.
        return fit * _NAMELESS
    return fit


def _meets(grain: str, field: str) -> float:
    """How much it says that a need of the grain is met by this field."""
    if field in GRAINS[grain].own:
        return 0.5
    return 0.3 if grain in {"contacts", "recipients"} else 0.1


@cache
def _owners() -> dict[str, int]:
    counts: dict[str, int] = {}
    for grain in GRAINS.values():
        for field in grain.own:
            counts[field] = counts.get(field, 0) + 1
    return counts
