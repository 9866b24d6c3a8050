"""What stands behind a value: lines of files, what they add up to, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A row that counts: where it stands, what it adds, and its cells.

    `line` is that of a text, the row of a sheet or the item of a JSON (from 1). `denominator` is
    None where the metric divides by no sum over rows. `fields` are those that the metric reads.
    `of_events` says that the row was worked out from several lines of a log: `line` is then that of
    the send, or of the first event where the log has no send. `question` is that of a survey's
    answer: a line has as many as its file has columns of questions. `file`, `table` and `cells` (by
    the file's own headers, as they stand there, people hidden) are filled in by `in_files`.
    """

    dataset: str
    line: int
    numerator: float
    denominator: float | None
    fields: frozenset[str]
    of_events: bool = False
    question: str | None = None
    file: str = ""
    table: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lineage:
    """The rows behind a value: the heaviest `lines`, how many there are in all, and the rest.

    `sums` are what all of them add up to, by the component's name; a component that is no sum over
    rows (people counted once, units that reach a limit) is not there. `left_out` counts the rows
    under the same filters that do not count, by the first reason that holds (`flag.<code>`).
    `elsewhere` of the rows stay in tables of another database, where lines have no numbers.
    """

    lines: tuple[SourceLine, ...]
    total: int
    sums: Mapping[str, float]
    left_out: Mapping[str, int]
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a number that is made of others, by its name, and the rows behind it.

    `lineage.component.<name>` in texts says what its lines add.
    """

    name: str
    lineage: Lineage
