"""Value objects of an A/B analysis: sufficient statistics in, a finding out."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crm_metrics.experiments.second_lines import SecondLine
    from crm_metrics.experiments.segments import SegmentFinding
    from crm_metrics.experiments.waits import Curve

MetricShape = Literal["proportion", "mean", "ratio"]
Direction = Literal["up", "down"]
GateStatus = Literal["pass", "warn", "block", "not_checked"]
Role = Literal["secondary", "guardrail"]
Standing = Literal["better", "worse", "kept", "open", "undefined"]
MOST_ARMS = 10
LEAST_RECIPIENTS = 100
LEAST_EVENTS = 25
"""Optimizely and VWO ask for 25 events; both numbers are for two arms together."""
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

    A proportion needs `successes`. A mean needs `total` and `squares` (sums of y and y²); without
    the squares its value is known and nothing else. A ratio needs also `base`, `base_squares` and
    `products` (sums of x, x² and xy), y over x. A mean may have these three too: x is then what a
    recipient did before the test (`cuped`), and `adjusted` says that it was taken out already. For
    a mean and a ratio `successes`, where known, counts the recipients whose y is not zero.
    """

    name: str
    n: int
    successes: int | None = None
    total: float | None = None
    squares: float | None = None
    base: float | None = None
    base_squares: float | None = None
    products: float | None = None
    adjusted: bool = False


@dataclass(frozen=True, slots=True)
class Margin:
    """How much worse is still fine: in the metric's own unit, or as a share of the control's."""

    amount: float
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric beside the one that decides.

    `name` is the metric's key or the column's name as a person reads it; `field` the schema's field
    or the catalogue's key behind it, where known. A guardrail must not get worse than the control
    by `margin` (None: the default of its kind); a secondary metric is shown and calls nothing,
    unless it surely gets worse.
    """

    name: str
    shape: MetricShape
    role: Role = "secondary"
    direction: Direction = "up"
    margin: Margin | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric beside the decision's, and its sums in every arm, in the order of the test's."""

    metric: Metric
    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Setup:
    """What was asked: control, metric, planned split (None: unknown), level and looks.

    `metric` is the decision metric's key or the column's name as a person reads it, `field` the
    schema's field or the catalogue's key behind it, `base_field` that of a ratio's denominator.
    `split` stands in the order of the arms, the control first. `looks` is "once", "any", "5" (of
    five planned looks, unknown which) or "2/5". `planned_n` counts recipients an arm. `direction`
    says which way is better ("down" for unsubscribes). `smallest` is the smallest change worth
    acting on, in the metric's own unit (0.003 is 0.3 points); `smallest_lift` the relative change
    that a test is planned for where `smallest` is None. `rest` counts the recipients of the list
    who got nothing yet, `value_each` is the money of one success.

    `duplicates` counts recipients seen in more than one arm, `repeated` counts repeated rows of one
    recipient, `unassigned` rows without a variant, `unread` rows whose value could not be read,
    `negatives` recipients with a value below zero; all of them but `repeated` and `negatives` are
    left out of the arms. `added` counts rows of totals where a version has several of them.
    `unread_arms` are arms without a single readable value, with their rows: they are no part
    of the test. `people_known` says that a column names the person, so that the first two could be
    seen at all.
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
    added: int = 0
    unread_arms: tuple[tuple[str, int], ...] = ()
    field: str = ""
    base_field: str = ""
    smallest: float | None = None
    rest: int | None = None
    value_each: float | None = None
    currency: str = ""
    least_recipients: int = LEAST_RECIPIENTS
    least_events: int = LEAST_EVENTS


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
    """One arm against the control; lift is relative, None where it can't be bounded.

    `lift_reason` says why it can't: "control_none" (no events, or a mean not above 0) or
    "unbounded" (the control is not surely above 0). `level` is the level of the intervals.
    """

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
    lift_reason: str = ""
    level: float = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """A metric beside the decision's: values, differences, and how each arm stands.

    Standing: "kept" (surely not worse than the margin allows), "better" and "worse" (the interval
    leaves out 0; a guardrail is "worse" where it is surely beyond 0 or the margin), "open".
    """

    metric: Metric
    arms: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """A check that stands before the verdict; `detail` is a code with params for texts."""

    gate: str
    status: GateStatus
    detail: str
    params: dict[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict and everything that it stands on.

    `params` hold what the words need: the leading `arm`, `needed_per_arm`, what the change means
    for the rest of the list (`rest_gain`, `rest_low`, `rest_high`: the better way is positive; the
    same as `money_*` with a value per success), the metrics that stand in the way (`worse`,
    `open`). `lines` are second looks, `segments` the effect by segment, `curves` the share that
    has answered by each hour in every arm.
    """

    code: Code
    setup: Setup
    arms: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    gates: tuple[Gate, ...]
    overall: dict[str, object] = dataclasses.field(default_factory=dict)
    next_step: str = ""
    params: dict[str, object] = dataclasses.field(default_factory=dict)
    others: tuple[Judged, ...] = ()
    lines: tuple[SecondLine, ...] = ()
    segments: tuple[SegmentFinding, ...] = ()
    curves: tuple[tuple[str, Curve], ...] = ()
