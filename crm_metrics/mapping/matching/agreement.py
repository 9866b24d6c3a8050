"""What columns say of each other: counts and shares that agree, or cannot both be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.headers.synonyms import OFTEN, Guess
from crm_metrics.mapping.model import Why

_ENOUGH = 0.9
_FEW = 3
_MOST_DECIMALS = 6
_TOO_MANY = 0.05
_UNIQUE_OR_TOTAL = (
    ("opens_unique", "opens_total", "open_rate"),
    ("clicks_unique", "clicks_total", "click_rate"),
)
_BASES = ("delivered", "sent")
# The first can never be more than the second.
_PART_OF = (
    ("opens_unique", "opens_total"), ("clicks_unique", "clicks_total"), ("delivered", "sent"),
    ("opens_unique", "sent"), ("clicks_unique", "sent"), ("bounces", "sent"),
    ("unsubscribes", "sent"), ("complaints", "sent"), ("bounces_hard", "bounces"),
    ("bounces_soft", "bounces"), ("clicks", "impressions"), ("reach", "impressions"),
    ("new_users", "users"), ("engaged_sessions", "sessions"), ("resolved", "conversations"),
    ("talk_time", "total_time"), ("margin", "amount"),
)  # fmt: skip
_OF_A_LINK = {"source": "utm_source", "channel": "utm_medium", "campaign_name": "utm_campaign"}
_WEB_TWINS = frozenset({"bounce_rate", "conversion_rate"})


def settle(
    taken: dict[int, Guess],
    guesses: Sequence[tuple[Guess, ...]],
    profiles: Sequence[Profile],
    grain: str,
) -> dict[int, Guess]:
    """The guesses after the columns' numbers were held against each other.

    A share that a count reproduces confirms both, and tells the unique from all of them; a part
    that is larger than its whole is asked. Nothing is changed where numbers are too few to tell.
    What only often is an id is none where it numbers the lines of the file.
    """
    settled = {
        place: guess
        for place, guess in taken.items()
        if not (
            guess.why.code == OFTEN and guess.field.endswith("_id") and profiles[place].counts_rows
        )
    }
    if grain == "campaigns":
        _leave_out_web_twins(settled, profiles)
        for unique, total, rate in _UNIQUE_OR_TOTAL:
            _tell_unique_from_total(settled, guesses, profiles, (unique, total, rate))
        _tell_click_rates(settled, guesses, profiles)
    _tell_utm(settled, profiles)
    _tell_call_lengths(settled)
    _leave_out_lone_number(settled)
    for part, whole in _PART_OF:
        _ask_where_larger(settled, guesses, profiles, (part, whole))
    return settled


def _leave_out_web_twins(taken: dict[int, Guess], profiles: Sequence[Profile]) -> None:
    """Beside visits of the site, a share without values may as well be the site's."""
    at = _positions(taken)
    for field in _WEB_TWINS & set(at):
        if "sessions" in at and profiles[at[field]].kind == "empty":
            del taken[at[field]]


def _tell_unique_from_total(
    taken: dict[int, Guess],
    guesses: Sequence[tuple[Guess, ...]],
    profiles: Sequence[Profile],
    fields: tuple[str, str, str],
) -> None:
    unique, total, rate = fields
    at = _positions(taken)
    counts = [field for field in (unique, total) if field in at and taken[at[field]].level == "ask"]
    if rate not in at or len(counts) != 1 or {unique, total} <= set(at):
        return
    place = at[counts[0]]
    either = {guess.field for guess in guesses[place]}
    if not {unique, total} <= either:
        return
    agrees = [_agreement(profiles, place, at[base], at[rate]) for base in _BASES if base in at]
    shares = [share for share in agrees if share is not None]
    if not shares:
        return
    if max(shares) >= _ENOUGH:
        taken[place] = replace(taken[place], field=unique, level="likely", why=Why("rate_agrees"))
    elif max(shares) < 1 - _ENOUGH:
        taken[place] = replace(taken[place], field=total, why=Why("rate_disagrees"))


def _tell_click_rates(
    taken: dict[int, Guess], guesses: Sequence[tuple[Guess, ...]], profiles: Sequence[Profile]
) -> None:
    """A click rate that is clicks by opens is a click-to-open rate, whatever it is called."""
    at = _positions(taken)
    if not {"clicks_unique", "opens_unique"} <= set(at) or "ctor" in at:
        return
    for place, found in enumerate(guesses):
        free = place not in taken or taken[place].field == "click_rate"
        rate = next((guess for guess in found if guess.field == "click_rate"), None)
        if not free or rate is None:
            continue
        shares = {
            base: _agreement(profiles, at["clicks_unique"], at[base], place) or 0.0
            for base in ("opens_unique", *_BASES)
            if base in at
        }
        if (
            shares["opens_unique"] >= _ENOUGH
            and max(shares, key=shares.__getitem__) == "opens_unique"
        ):
            taken[place] = replace(rate, field="ctor", level="likely", why=Why("clicks_by_opens"))
            return


def _tell_utm(taken: dict[int, Guess], profiles: Sequence[Profile]) -> None:
    """Beside the keyword of a visit, source, channel and campaign are those of its link."""
    at = _positions(taken)
    if "utm_term" not in at or taken[at["utm_term"]].level != "ask":
        return
    if any(
        " " in word for field in _OF_A_LINK if field in at for word in profiles[at[field]].words
    ):
        return
    for field, utm in _OF_A_LINK.items():
        if field in at and utm not in at:
            place = at[field]
            taken[place] = replace(taken[place], field=utm, level="ask", why=Why("beside_keyword"))


def _tell_call_lengths(taken: dict[int, Guess]) -> None:
    """A duration beside both ends of the call is the whole of it, the ringing too."""
    at = _positions(taken)
    if "talk_time" in at and "ended_at" in at and "total_time" not in at:
        place = at["talk_time"]
        if taken[place].why.code == "call_duration":
            taken[place] = replace(taken[place], field="total_time")


def _leave_out_lone_number(taken: dict[int, Guess]) -> None:
    """A bare number is the company's line beside the caller's only, else either's."""
    at = _positions(taken)
    if "line" in at and "caller" not in at and taken[at["line"]].level == "ask":
        del taken[at["line"]]


def _ask_where_larger(
    taken: dict[int, Guess],
    guesses: Sequence[tuple[Guess, ...]],
    profiles: Sequence[Profile],
    fields: tuple[str, str],
) -> None:
    part, whole = fields
    at = _positions(taken)
    if part not in at or whole not in at:
        return
    pairs = list(_pairs(profiles, at[part], at[whole]))
    larger = sum(small > large for small, large in pairs)
    if larger <= _TOO_MANY * len(pairs):
        return
    swapped = ((at[part], whole), (at[whole], part))
    if larger == len(pairs) and all(
        any(guess.field == field for guess in guesses[place]) for place, field in swapped
    ):
        for place, field in swapped:
            taken[place] = replace(taken[place], field=field, level="ask")
        return
    for field, code in ((part, "part_larger"), (whole, "whole_smaller")):
        taken[at[field]] = replace(taken[at[field]], level="ask", why=Why(code))


def _positions(taken: dict[int, Guess]) -> dict[str, int]:
    return {guess.field: place for place, guess in taken.items()}


def _pairs(profiles: Sequence[Profile], one: int, other: int) -> Iterator[tuple[float, float]]:
    """Rows where both columns have a number."""
    for a, b in zip(profiles[one].numbers, profiles[other].numbers, strict=False):
        if a is not None and b is not None:
            yield a, b


def _agreement(profiles: Sequence[Profile], count: int, base: int, rate: int) -> float | None:
    """The part of rows whose share is the count by its base, as rounded; None where none tells."""
    shares = profiles[rate]
    scale = 100 if shares.kind == "percent" or (shares.high or 0) > 1 else 1
    decimals = max((_decimals(share) for share in shares.numbers if share), default=0)
    rows = zip(profiles[count].numbers, profiles[base].numbers, shares.numbers, strict=False)
    told = [
        abs(part / whole * scale - share) <= 0.55 * 10.0**-decimals
        for part, whole, share in rows
        if part and whole and share is not None
    ]
    if len(told) < (1 if decimals else _FEW):
        return None
    return sum(told) / len(told)


def _decimals(number: float) -> int:
    return min(len(f"{number:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2]), _MOST_DECIMALS)
