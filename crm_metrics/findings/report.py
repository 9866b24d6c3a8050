"""What a report holds: codes and numbers with their base, and the sentences made of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from crm_metrics.metrics.goals import Judged
from crm_metrics.metrics.model import Direction, Filters, Limits, MetricKind, Missing, Unit, Value
from crm_metrics.metrics.references import History

if TYPE_CHECKING:
    from crm_metrics.audit.model import Audit
    from crm_metrics.audit.plan import Plan
    from crm_metrics.findings.verdict_file import Recheck

SentenceCode = Literal[
    "better",
    "worse",
    "higher",
    "lower",
    "no_clear",
    "no_clear_floor",
    "few",
    "level",
    "total",
    "leader",
    "trailing",
    "no_leader",
    "mix",
    "mix_part",
    "simpson",
    "simpson_unclear",
    "goal_met",
    "goal_missed",
    "goal_unclear",
    "impossible",
    "impossible_rows",
    "immature",
    "complaints_over",
    "complaints_risk",
    "machine_opens",
    "edited",
    "nothing",
]
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the summary; `rank` is size, certainty and money, the larger the earlier.

    `text` ends with `step`, what to do next, where there is something to do.
    """

    code: SentenceCode
    text: str
    rank: float = 0.0
    metric: str | None = None
    channel: str | None = None
    step: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """A difference with its interval, in the metric's own unit (a share's in fractions).

    `clear` holds where the interval leaves zero out. `needed` is the n a side at which such a
    difference would show (power 0.8); `visible` the smallest difference that the data could show.
    `good` says whether a clear difference goes the metric's way: no colour stands on anything else.
    All None where there is nothing to compare, and `flags` says why.
    """

    value: float | None
    low: float | None
    high: float | None
    clear: bool = False
    needed: float | None = None
    visible: float | None = None
    flags: tuple[str, ...] = ()
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A metric of one channel in this period and in the one before it.

    `goal` is the channel's own, judged; `history` its typical campaign before this period.
    """

    channel: str | None
    metric: str
    kind: MetricKind
    unit: Unit
    direction: Direction
    now: Value
    before: Value | None = None
    shift: Shift | None = None
    goal: Judged | None = None
    history: History | None = None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A metric of one channel in a span of time that begins on `start`."""

    channel: str | None
    metric: str
    unit: Unit
    start: date
    value: Value


@dataclass(frozen=True, slots=True)
class MethodRow:
    """How a metric of the report is computed; `limit` is in seconds where the metric has one."""

    metric: str
    grain: str
    kind: MetricKind
    formula: str
    variant: str
    minimum_n: int
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """What a column of a source was understood to be, and how its cells were read."""

    header: str
    field: str | None
    level: str
    parser: str | None = None
    date_order: str | None = None
    decimal: str | None = None
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A table that the numbers stand on, every line of it accounted for."""

    file_name: str
    table: str
    sha256: str
    lines: int
    records: int
    set_aside: dict[str, int]
    repaired: int
    failed: int
    system: str | None
    export: str | None
    grain: str | None
    period: Period | None
    used: bool
    columns: tuple[SourceColumn, ...] = ()


def _no_plan() -> Plan:
    from crm_metrics.audit.plan import Plan  # noqa: PLC0415 - brings every check of the audit

    return Plan()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is sent; the workbook and the CSV only write it down.

    `channels` are of `period`, `earlier` all values of the one before; `whole` holds the same
    metrics over all dates where the period was not chosen by a person. `goals` are all that are
    set, also those of all channels together; `histories` the typical campaign of each metric,
    channel and kind of mailing. `people` are values that no sum of rows by channel gives. `audit`
    is of all files, whatever the filters, with its `plan`; `trials` are the tests that were kept.
    `filters` are without values of personal fields. `versions` names the software.
    """

    lang: str
    filters: Filters
    limits: Limits
    sources: tuple[Source, ...]
    title: str = ""
    period: Period | None = None
    before_period: Period | None = None
    sentences: tuple[Sentence, ...] = ()
    channels: tuple[ChannelRow, ...] = ()
    earlier: tuple[Value, ...] = ()
    whole: tuple[ChannelRow, ...] = ()
    goals: tuple[Judged, ...] = ()
    histories: tuple[History, ...] = ()
    people: tuple[Value, ...] = ()
    audit: Audit | None = None
    plan: Plan = field(default_factory=_no_plan)
    trials: tuple[Recheck, ...] = ()
    trend: tuple[TrendRow, ...] = ()
    methods: tuple[MethodRow, ...] = ()
    missing: tuple[Missing, ...] = ()
    caveats: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    @property
    def summary(self) -> str:
        """The sentences as text, one a line, for a person to edit."""
        return "\n".join(sentence.text for sentence in self.sentences)

    def with_summary(self, text: str) -> Report:
        """A copy whose summary a person has written; empty lines are left out."""
        if text == self.summary:
            return self
        lines = tuple(line.strip() for line in text.splitlines() if line.strip())
        return replace(self, sentences=tuple(Sentence("edited", line) for line in lines))
