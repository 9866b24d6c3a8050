"""The plan: findings become actions with an owner, a due date, a target, an effort and a status."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Literal, get_args

from crm_metrics.audit.keeping import as_file, in_file, read_kept, write_kept
from crm_metrics.audit.model import Effort, Finding
from crm_metrics.errors import InputError

Status = Literal["todo", "doing", "done", "dropped"]
STATUSES: Final[tuple[Status, ...]] = get_args(Status)
EFFORTS: Final[tuple[Effort, ...]] = get_args(Effort)
DAYS: Final = {1: 14, 2: 30, 3: 90}
"""Days after the audit that a due date is proposed at, by severity."""
_FILE = "audit_plan.json"
_OPEN = frozenset({"todo", "doing"})


@dataclass(frozen=True, slots=True)
class Action:
    """What is done about a finding; `finding` is its id, which a later audit knows it by.

    `target` is the share to come down to, as a fraction. `since` is the day of the audit that the
    finding first stood in.
    """

    finding: str
    check: str
    severity: int
    since: date
    scope: str = ""
    owner: str = ""
    due: date | None = None
    target: float = 0.0
    effort: Effort = "M"
    status: Status = "todo"
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in _OPEN

    def is_overdue(self, today: date) -> bool:
        """Whether its day is past and it is still to be done."""
        return self.is_open and self.due is not None and self.due < today


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a plan is: actions by status, those past their day, and those without an owner."""

    counts: dict[str, int]
    overdue: int
    ownerless: int

    @property
    def base(self) -> int:
        """The actions that are to be done: all but the dropped."""
        return sum(self.counts.values()) - self.counts["dropped"]

    @property
    def share(self) -> float | None:
        """The share of those that are done; None where there are none."""
        return self.counts["done"] / self.base if self.base else None


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions, one a finding; those stay whose finding a later audit no longer has."""

    actions: tuple[Action, ...] = ()

    def action(self, finding: str) -> Action | None:
        """The action on a finding, None where there is none."""
        return next((one for one in self.actions if one.finding == finding), None)

    def is_begun(self, findings: Collection[str]) -> bool:
        """Whether some action on one of these findings has an owner and a due date."""
        return any(
            one.finding in findings and one.owner.strip() and one.due is not None
            for one in self.actions
        )


def planned(kept: Plan, findings: Sequence[Finding], today: date) -> Plan:
    """The kept plan with an action for each finding that has none yet; what is kept stays as is.

    Actions on the findings stand first, in the findings' order.
    """
    own = {one.finding: one for one in kept.actions}
    actions = [own.get(one.id) or _action(one, today) for one in findings]
    ids = {one.id for one in findings}
    return Plan((*actions, *(one for one in kept.actions if one.finding not in ids)))


def _action(finding: Finding, today: date) -> Action:
    return Action(
        finding=finding.id,
        check=finding.check,
        severity=finding.severity,
        since=today,
        scope=finding.scope,
        effort=finding.effort,
    )


def with_action(plan: Plan, action: Action) -> Plan:
    """The plan with this action in the place of an earlier one on the same finding.

    Raises InputError("plan_target") for a target outside 0 to 1.
    """
    if not (math.isfinite(action.target) and 0 <= action.target <= 1):
        raise InputError("plan_target")
    if plan.action(action.finding) is None:
        return Plan((*plan.actions, action))
    return Plan(tuple(action if a.finding == action.finding else a for a in plan.actions))


def dated(plan: Plan, today: date) -> Plan:
    """The plan with a due date for each open action that has none: `DAYS` from today on."""
    return Plan(
        tuple(
            replace(one, due=today + timedelta(days=DAYS[one.severity]))
            if one.is_open and one.due is None
            else one
            for one in plan.actions
        )
    )


def progress(plan: Plan, today: date) -> Progress:
    """How far the plan is on a day."""
    return Progress(
        {status: sum(one.status == status for one in plan.actions) for status in STATUSES},
        overdue=sum(one.is_overdue(today) for one in plan.actions),
        ownerless=sum(one.is_open and not one.owner.strip() for one in plan.actions),
    )


def read_plan(folder: Path) -> Plan:
    """The plan kept in a workspace's folder; an empty one where there is none."""
    return read_kept(folder / _FILE, Plan) or Plan()


def write_plan(folder: Path, plan: Plan) -> None:
    """Keep the plan in a workspace's folder."""
    write_kept(folder / _FILE, plan)


def plan_file(plan: Plan) -> bytes:
    """The plan as a JSON file to send."""
    return as_file(plan)


def plan_in(data: bytes, *, file: str) -> Plan:
    """The plan of a JSON file called `file`, one action a finding.

    Raises as `keeping.in_file` and `with_action`.
    """
    plan = Plan()
    for action in in_file(data, Plan, file=file).actions:
        if action.severity not in DAYS:
            raise InputError("audit_file", file=file)
        plan = with_action(plan, action)
    return plan
