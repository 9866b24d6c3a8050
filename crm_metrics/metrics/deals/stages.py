"""The stages of deals in their order, what stands at each, and which share goes on from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.deals.book import Book, Bools, Ints
from crm_metrics.metrics.derived import numbers_of, worked_out
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.values import known as number

Ordered = Literal["said", "stamps", "probability", "age"]
Told = Literal["history", "stopped", "snapshot"]
LEAST = 30
_FINAL = (
    0.5  # of lost deals: where more of them keep a stage of open ones, that is where they stopped
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of open deals: how many stand at it, with what amount, and for how many days.

    `went_on` is the share that reached a later stage or was won, of those that left this one
    (deals that still stand there are not lost); None where no history tells. `at_least` and
    `at_most` are the shares of all deals that came as far, whichever stage lost deals stopped at.
    """

    name: str
    open: int
    amount: float
    age: float | None
    went_on: Value | None
    at_least: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """The stages from the first to the last, how their order is known, and what tells of passing.

    `ordered`: "said" by the user, by "stamps" of a history, by the file's "probability", or by the
    "age" of the deals that stand at them, which is a guess. `told`: a "history" of stages, the
    stage at which decided deals "stopped", or a "snapshot" of today that tells of no passing.
    """

    stages: tuple[Stage, ...]
    ordered: Ordered
    told: Told

    @property
    def names(self) -> tuple[str, ...]:
        """The stages in their order."""
        return tuple(one.name for one in self.stages)


def funnel(deals: Book, said: Sequence[str] = ()) -> Funnel:
    """The funnel of open stages; `said` is the user's order, used where it names all of them."""
    names, how = order(deals, said)
    told = telling(deals, names)
    places = placed(deals, names)
    is_lost = ~deals.is_won & ~deals.is_open
    stages = []
    for place, name in enumerate(names):
        here = deals.is_open & (places == place)
        beyond = (deals.is_open & (places >= place)) | deals.is_won
        sure, maybe = beyond.sum(), (beyond | is_lost).sum()
        stages.append(
            Stage(
                name=name,
                open=int(here.sum()),
                amount=float(np.nansum(deals.amount[here])) if deals.has_amounts else 0.0,
                age=_age(deals, here),
                went_on=_went_on(deals, names, place, told),
                at_least=float(sure / len(places)),
                at_most=float(maybe / len(places)),
            )
        )
    return Funnel(tuple(stages), how, told)


def order(deals: Book, said: Sequence[str] = ()) -> tuple[tuple[str, ...], Ordered]:
    """The names of the stages at which open deals stand or a history has days, in their order."""
    standing = [
        name for i, name in enumerate(deals.names) if (deals.stage[deals.is_open] == i).any()
    ]
    own = deals.stamps.stages if deals.stamps else ()
    final = {name for name in deals.names if name not in standing}
    names = [*standing, *(name for name in own if name not in standing and name not in final)]
    if said and set(names) <= set(said):
        return tuple(name for name in said if name in names), "said"
    if deals.stamps and deals.stamps.dated and set(names) <= set(own):
        return tuple(sorted(names, key=lambda name: (_usual_stamp(deals, name), name))), "stamps"
    chances = {name: _mean(deals.probability[_at(deals, name) & deals.is_open]) for name in names}
    if all(one is not None for one in chances.values()) and len(set(chances.values())) > 1:
        return tuple(sorted(names, key=lambda name: (chances[name] or 0.0, name))), "probability"
    ages = {name: _age(deals, _at(deals, name) & deals.is_open) or 0.0 for name in names}
    return tuple(sorted(names, key=lambda name: (ages[name], name))), "age"


def telling(deals: Book, names: Sequence[str]) -> Told:
    """What the data tell of deals that passed a stage."""
    if deals.stamps and set(names) <= set(deals.stamps.stages):
        return "history"
    lost = ~deals.is_won & ~deals.is_open
    stopped = placed(deals, names)[lost] >= 0
    return "stopped" if lost.any() and stopped.mean() > _FINAL else "snapshot"


def placed(deals: Book, names: Sequence[str]) -> Ints:
    """The place of each deal's stage among these, -1 for any other."""
    places = np.full(len(deals.names) + 1, -1, dtype=np.int64)
    for i, name in enumerate(deals.names):
        if name in names:
            places[i] = list(names).index(name)
    return places[deals.stage]  # -1 is the last of them


def passed(deals: Book, names: Sequence[str], place: int, told: Told) -> tuple[Bools, Bools]:
    """Which deals reached a stage, and which a later one or a win."""
    if told == "history" and deals.stamps:
        columns = [deals.stamps.stages.index(name) for name in names]
        there = ~np.isnat(deals.stamps.days[:, columns])
        return there[:, place], there[:, place + 1 :].any(axis=1) | deals.is_won
    places = placed(deals, names)
    return (places >= place) | deals.is_won, (places > place) | deals.is_won


def departed(deals: Book, reached: Bools, later: Bools) -> Bools:
    """Which of the deals that reached a stage left it: what becomes of the others is not known."""
    return reached & (later | ~deals.is_open)


def _went_on(deals: Book, names: Sequence[str], place: int, told: Told) -> Value | None:
    if told == "snapshot":
        return None
    reached, later = passed(deals, names, place, told)
    left = departed(deals, reached, later)
    x, n = float((left & later).sum()), float(left.sum())
    parts = {"x": x, "n": n, "standing": float((reached & ~left).sum())}
    group = {"stage": names[place]}
    if not n:
        return worked_out("stage_conversion", parts, group=group, flags=("none_decided",))
    low, high = intervals.wilson(np.array(x), np.array(n))
    flags = ("small_n",) if n < LEAST else ()
    numbers = numbers_of(np.array(x / n), low, high)
    return worked_out("stage_conversion", parts, numbers, group=group, flags=flags)


def _at(deals: Book, name: str) -> Bools:
    return deals.stage == (deals.names.index(name) if name in deals.names else -2)


def _mean(values: np.ndarray) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _usual_stamp(deals: Book, name: str) -> float:
    """Days from creation to the stage: the median, as one mistyped year moves any average."""
    assert deals.stamps
    days = deals.stamps.days[:, deals.stamps.stages.index(name)] - deals.created
    known = days[~np.isnat(days)].astype(float)
    return float(np.median(known)) if len(known) else np.inf


def _age(deals: Book, rows: Bools) -> float | None:
    """The median days since the creation of these deals."""
    days = (np.datetime64(deals.end, "D") - deals.created[rows]).astype("timedelta64[D]")
    days = days[~np.isnat(days)].astype(float)
    return number(float(np.median(days))) if len(days) else None
