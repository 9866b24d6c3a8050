"""Value objects of an A/B analysis: sufficient statistics in, a finding out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MetricShape = Literal["proportion", "mean", "ratio"]
Direction = Literal["up", "down"]
GateStatus = Literal["pass", "warn", "block", "not_checked"]
MOST_ARMS = 10
Code = Literal[
    "WINNER",
    "WORSE",
    "PROMISING",
    "NO_CLEAR",
    "TOO_SMALL",
    "DO_NOT_USE",
    "CANNOT_SAY",
    "WINNER_BUT",
    "SAME_ENOUGH",
    "REAL_BUT_SMALL",
]


@dataclass(frozen=True, slots=True)
class Arm:
    """Sufficient statistics of one arm; n counts recipients.

    A proportion needs `successes`. A mean needs `total` and `squares` (sums of y and y²). A ratio
    needs also `base`, `base_squares` and `products` (sums of x, x² and xy), y over x. For a mean
    and a ratio `successes`, where known, counts the recipients whose y is not zero.
    """

    name: str
    n: int
    successes: int | None = None
    total: float | None = None
    squares: float | None = None
    base: float | None = None
    base_squares: float | None = None
    products: float | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What was asked: control, metric, planned split (None: unknown), level and looks.

    `metric` is the metric's key or the column's name as a person reads it. `split` stands in the
    order of the arms, the control first. `planned_n` counts recipients an arm. `direction` says
    which way is better ("down" for unsubscribes). `duplicates` counts recipients seen in more than
    one arm, `repeated` counts repeated rows of one recipient, `unassigned` rows without a variant,
    `unread` rows whose value could not be read, `negatives` recipients with a value below zero;
    all of them but `repeated` and `negatives` are left out of the arms. `people_known` says that
    a column names the person, so that the first two could be seen at all.
    """

    control: str
    metric: str
    shape: MetricShape
    split: tuple[float, ...] | None = None
    alpha: float = 0.05
    looks: str = "once"
    duplicates: int = 0
    repeated: int = 0
    planned_n: int | None = None
    smallest_lift: float = 0.2
    direction: Direction = "up"
    unassigned: int = 0
    unread: int = 0
    negatives: int = 0
    people_known: bool = False


@dataclass(frozen=True, slots=True)
class ArmResult:
    """An arm's own value with its interval at the setup's level."""

    name: str
    n: int
    value: float | None
    low: float | None
    high: float | None
    successes: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One arm against the control; lift is relative, None where it can't be bounded."""

    arm: str
    control: str
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    lift: float | None
    lift_low: float | None
    lift_high: float | None
    pvalue: float | None
    pvalue_adjusted: float | None
    method: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that stands before the verdict; `detail` is a code with params for texts."""

    gate: str
    status: GateStatus
    detail: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict and everything that it stands on."""

    code: Code
    setup: Setup
    arms: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    gates: tuple[Gate, ...]
    overall: dict[str, object] = field(default_factory=dict)
    next_step: str = ""
    params: dict[str, object] = field(default_factory=dict)
