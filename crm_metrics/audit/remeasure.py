"""Two audits held against each other: what is fixed, what is new, what still comes in."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final, Literal, get_args

import numpy as np

from crm_metrics.audit.model import Inflow
from crm_metrics.audit.snapshot import Listed, Measured, Rule, Snapshot
from crm_metrics.metrics import intervals
from crm_metrics.metrics.model import Limits

Outcome = Literal["new", "persisting", "fixed", "rule_changed", "not_checked", "newly_checked"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
AGAIN: Final = timedelta(days=182)
_LIMITS: Final = frozenset(one.name for one in fields(Limits))
Change = tuple[str, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval; all None of none."""

    count: int
    base: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding then and now.

    `backlog` are the records that were there at the last audit, as they are now: cleaning moves
    them. `inflow` are those created since: only another way of working moves them. `difference` is
    the inflow's share less the share of all records then, with Newcombe's interval: they are other
    records, hence independent. `rules` are the thresholds that changed, as (key, then, now), and
    `lists` the user's lists, each then and now: then nothing is called fixed or new, and nothing
    compared.
    """

    id: str
    check: str
    severity: int
    outcome: Outcome
    before: Measured | None = None
    now: Measured | None = None
    backlog: Share | None = None
    inflow: Share | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    rules: tuple[Change, ...] = ()
    lists: tuple[tuple[Listed, Listed], ...] = ()

    @property
    def clear(self) -> bool:
        """Whether new records surely have it more often, or surely less, than those of then."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Remeasured:
    """What became of each finding of then and now: by outcome, in each the weightiest first."""

    before: date
    now: date
    moved: tuple[Moved, ...]

    def of(self, outcome: Outcome) -> tuple[Moved, ...]:
        """The findings with one outcome."""
        return tuple(one for one in self.moved if one.outcome == outcome)


def next_audit(today: date) -> date:
    """The day to audit again: twice a year, on the same weekday."""
    return today + AGAIN


def remeasure(now: Snapshot, before: Snapshot) -> Remeasured:
    """An audit's findings held against an earlier one's, by their ids.

    A finding is fixed only where its check ran again by the same rule, over some records that still
    have its field, and did not find it. It is new only where the check ran then and did not.
    """
    then = {one.id: one for one in before.found}
    here = {one.id for one in now.found}
    moved = [_moved(one, then.get(one.id), now, before) for one in now.found]
    moved += [_gone(one, now, before) for one in before.found if one.id not in here]
    return Remeasured(before.today, now.today, tuple(sorted(moved, key=_weight)))


def _moved(now: Measured, then: Measured | None, later: Snapshot, before: Snapshot) -> Moved:
    outcome: Outcome = "persisting"
    if then is None:
        outcome = "new" if _ran(now, before) else "newly_checked"
    rules, lists = _changed(now.check, later, before), _lists(now, later, before)
    if (rules or lists) and outcome != "newly_checked":
        outcome = "rule_changed"
    backlog = inflow = None
    if now.inflow is not None and now.inflow.since > before.today:
        inflow = _inflow(now.inflow)
        backlog = _share(now.count - inflow.count, now.base - inflow.base)
    difference = low = high = None
    if then is not None and inflow is not None and outcome == "persisting":
        difference, low, high = _difference(inflow, _share(then.count, then.base))
    return Moved(
        id=now.id,
        check=now.check,
        severity=now.severity,
        outcome=outcome,
        before=then,
        now=now,
        backlog=backlog,
        inflow=inflow,
        difference=difference,
        low=low,
        high=high,
        rules=rules,
        lists=lists,
    )


def _gone(then: Measured, later: Snapshot, before: Snapshot) -> Moved:
    rules, lists = _changed(then.check, later, before), _lists(then, later, before)
    outcome: Outcome = "fixed"
    if not _ran(then, later):
        outcome = "not_checked"
    elif rules or lists:
        outcome = "rule_changed"
    passed = next((one for one in later.passed if one.id == then.id), None)
    return Moved(
        id=then.id,
        check=then.check,
        severity=then.severity,
        outcome=outcome,
        before=then,
        inflow=_inflow(passed.inflow) if passed and passed.inflow else None,
        rules=rules,
        lists=lists,
    )


def _ran(one: Measured, other: Snapshot) -> bool:
    """Whether the other audit could have found this: its check ran, field and list were there."""
    lists = _rule(one.check, other).lists
    if lists and one.field not in {listed.field for listed in lists}:
        return False
    if one.field and one.field not in dict(other.fields).get(one.grain, ()):
        return False
    own = one.check, one.grain
    found = any((known.check, known.grain) == own for known in other.found)
    return found or any((ran.check, ran.grain) == own and ran.base > 0 for ran in other.passed)


def _weight(one: Moved) -> tuple[int, int, int]:
    known = one.now or one.before
    return OUTCOMES.index(one.outcome), one.severity, -(known.count if known else 0)


def _changed(check: str, now: Snapshot, before: Snapshot) -> tuple[Change, ...]:
    first, second = (dict(_rule(check, one).thresholds) for one in (before, now))
    keys = dict.fromkeys((*first, *second))
    # An older snapshot has no limits of metrics: what they were is not known.
    both = [key for key in keys if key not in _LIMITS or (key in first and key in second)]
    changes = ((key, first.get(key), second.get(key)) for key in both)
    return tuple(one for one in changes if one[1] != one[2])


def _lists(one: Measured, now: Snapshot, before: Snapshot) -> tuple[tuple[Listed, Listed], ...]:
    """The list of a finding's field then and now, where both are known and differ."""
    both = (
        (first, second)
        for first in _rule(one.check, before).lists
        for second in _rule(one.check, now).lists
        if first.field == second.field == one.field
    )
    return tuple(each for each in both if each[0].digest != each[1].digest)


def _rule(check: str, one: Snapshot) -> Rule:
    return next((rule for rule in one.rules if rule.check == check), Rule(check))


def _inflow(found: Inflow) -> Share:
    return _share(found.count, found.base)


def _share(count: int, base: int) -> Share:
    if base <= 0:
        return Share(count, base, None, None, None)
    low, high = intervals.wilson(np.array([count], dtype=float), np.array([base], dtype=float))
    return Share(count, base, count / base, float(low[0]), float(high[0]))


def _difference(first: Share, second: Share) -> tuple[float | None, float | None, float | None]:
    if first.share is None or second.share is None:
        return None, None, None
    low, high = intervals.square_and_add(_estimate(first), _estimate(second))
    return first.share - second.share, float(low[0]), float(high[0])


def _estimate(one: Share) -> intervals.Estimate:
    value, low, high = (np.array([x], dtype=float) for x in (one.share, one.low, one.high))
    return value, low, high
