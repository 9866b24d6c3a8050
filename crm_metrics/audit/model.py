"""What a check is, what it is asked with, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import ibis.expr.types as ir

from crm_metrics.metrics.model import Limits

if TYPE_CHECKING:
    from crm_metrics.audit.ground import Ground

Effort = Literal["S", "M", "L"]
Severity = Literal[1, 2, 3]
"""1 blocks contact or money, 2 distorts decisions, 3 is hygiene."""
Reason = Literal["lacks", "nothing", "off", "no_list"]

OFF = 0
DAYS = date(1990, 1, 1), date(2199, 12, 31)
"""The days that an audit can be of: checks look years back from it, and a day ahead."""
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of a check that the user may change, from `low` to `high`.

    Its words are `audit.threshold.<key>` in texts; several checks may share one.
    """

    key: str
    default: float
    low: float
    high: float
    unit: Literal["days", "hours", "share", "times", "count", "score"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user set: thresholds by key, severities by check (0 switches one off), the day.

    `today` is None until the audit asks the data for it; `since` is the first day of the inflow.
    `limits` are those that metrics count by, as the user set them. `lists` are the values that a
    category may have, by its field.
    """

    thresholds: Mapping[str, float] = field(default_factory=dict)
    severities: Mapping[str, int] = field(default_factory=dict)
    today: date | None = None
    since: date | None = None
    limits: Limits = field(default_factory=Limits)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, threshold: Threshold) -> float:
        """The value of a threshold: the user's, else its default."""
        return self.thresholds.get(threshold.key, threshold.default)

    def severity(self, check: Check) -> int:
        """The severity of a check as the user sees it, 0 where it is off."""
        return self.severities.get(check.key, check.severity)

    @property
    def day(self) -> date:
        """The day that stands for today, once it is known."""
        assert self.today is not None, "the audit asks the data for it first"
        return self.today


@dataclass(frozen=True, slots=True, kw_only=True)
class Violations:
    """What a rule found within one scope.

    `rows` has a row a violation. With the columns `__dataset` and `__line` it names rows of the
    check's grain, whose other fields are then looked up; without them each row is a thing of its
    own (a user, a day, a value), shown as it is. Both may have `why` (a code, `audit.why.<code>` in
    texts), `suggestion` (what to put instead), `at_stake` (FLOAT64) with `currency`, and `date`.
    `base` counts what could have been violations; as a table with `date` (a row each) it also tells
    how many came since a day. `numbers` fill the finding's sentence.
    """

    rows: ir.Table
    base: int | ir.Table
    scope: str = ""
    numbers: Mapping[str, float | str] = field(default_factory=dict)


Condition = Callable[[ir.Table, Settings], ir.BooleanValue]
Text = Callable[[ir.Table, Settings], ir.StringValue]
Rule = Callable[["Ground"], Violations | Iterable[Violations]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check of the rows of a grain, declared as data.

    Its words are `audit.check.<key>.name`, `.meaning` and `.advice` in texts. `needs` names fields
    of the grain, and `also` those of other grains as "grain.field", of which each must be there
    ("a|b" = either; a grain alone: its rows). Either `broken` says of a row whether it violates
    (null: it is not in the base), or `rule` finds the violations in any other way. A row of a data
    set that has no column for what `needs` names is in no base of `broken`. `why` and `suggestion`
    go with `broken`; `suggests` is the field that a suggestion is for, so that it is masked as one.
    `ages` names grains of which an older export alone makes more violations, as days go by.
    `limits` names those of the metrics' that the check counts by.
    `money` is the amount that a violating row puts at stake. `counted` names what violations are,
    where that is not rows of the grain (`audit.unit.<counted>`). `shows` are fields that the list
    has beside the usual ones. With `of_list` it asks for a list of the user's (`Settings.lists`)
    of one of the grain's fields. With `above` it is a finding only where the share is over that.
    """

    key: str
    grain: str
    needs: tuple[str, ...]
    severity: Severity
    effort: Effort
    also: tuple[str, ...] = ()
    broken: Condition | None = None
    rule: Rule | None = None
    why: Text | None = None
    suggestion: Text | None = None
    suggests: str | None = None
    thresholds: tuple[Threshold, ...] = ()
    above: Threshold | None = None
    limits: tuple[Literal["first_reply"], ...] = ()
    ages: tuple[str, ...] = ()
    money: str | None = None
    counted: str = ""
    shows: tuple[str, ...] = ()
    of_list: bool = False

    def __post_init__(self) -> None:
        if (self.broken is None) == (self.rule is None):
            msg = f"{self.key} on {self.grain} needs either a condition or a rule"
            raise ValueError(msg)
        if not self.counted:
            object.__setattr__(self, "counted", self.grain)
        if self.above:
            object.__setattr__(self, "thresholds", (*self.thresholds, self.above))

    def scope(self, part: str = "") -> str:
        """What the finding is about: the grain, and a part of it."""
        return f"{self.grain}:{part}" if part else self.grain


def finding_id(check: str, scope: str) -> str:
    """The id of a finding, the same for every upload: 12 hexadecimal digits of SHA-256."""
    return sha256(f"{check}|{scope}".encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Inflow:
    """The violations among what was created since a day, and how much that is."""

    since: date
    count: int
    base: int


Money = tuple[tuple[str | None, float], ...]
Example = Mapping[str, str]
"""A row of the list, masked: `file` (the id of its data set), `line`, fields, why, suggestion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found in a scope: `count` of `base`, and the share with its Wilson interval.

    `money` is what is at stake by currency, `numbers` fill the sentence, `examples` are the first
    rows of the list, masked; `listing.records_of` gives the whole list.
    """

    id: str
    check: str
    scope: str
    grain: str
    counted: str
    severity: int
    effort: Effort
    count: int
    base: int
    share: float
    low: float
    high: float
    money: Money = ()
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    inflow: Inflow | None = None

    @property
    def part(self) -> str:
        """The part of the grain that it is about (a field, a user), empty for all of it."""
        return self.scope.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that looked at `base` rows and found nothing.

    `numbers` are those that its finding would have: what it could not compare is among them.
    """

    check: str
    scope: str
    base: int
    inflow: Inflow | None = None
    numbers: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def grain(self) -> str:
        """What its rows are."""
        return self.scope.partition(":")[0]


@dataclass(frozen=True, slots=True)
class NotRun:
    """A check that could not be asked: fields or grains lack, no row is in its base, or it is off.

    Or no list is given that it holds values against.

    `needs` are what lacks, as "field" of the check's own grain, or "grain.field" or "grain".
    """

    check: str
    grain: str
    reason: Reason
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings by severity, money at stake and count; what passed and what could not run.

    `rows` counts the rows of each grain, `ends` is the last day that each tells of, `gates` are
    codes of what makes the audit incomplete.
    """

    today: date
    findings: tuple[Finding, ...]
    passed: tuple[Passed, ...]
    not_run: tuple[NotRun, ...]
    rows: Mapping[str, int]
    settings: Settings
    gates: tuple[str, ...] = ()
    ends: Mapping[str, date] = field(default_factory=dict)

    @property
    def violated(self) -> set[tuple[str, str]]:
        """The checks with a finding, each with its grain."""
        return {(one.check, one.grain) for one in self.findings}

    @property
    def clean(self) -> dict[tuple[str, str], int]:
        """The checks that ran and found nothing in any scope, with how many rows they looked at.

        Scopes share rows, so that these are the rows of the largest.
        """
        bad, bases = self.violated, dict[tuple[str, str], int]()
        for one in self.passed:
            kind = (one.check, one.grain)
            if kind not in bad:
                bases[kind] = max(one.base, bases.get(kind, 0))
        return bases

    @property
    def skipped(self) -> dict[tuple[str, str], Reason]:
        """The checks that ran in no scope, each with its grain and why."""
        ran = self.violated | {(one.check, one.grain) for one in self.passed}
        reasons = {(one.check, one.grain): one.reason for one in self.not_run}
        return {kind: reason for kind, reason in reasons.items() if kind not in ran}
