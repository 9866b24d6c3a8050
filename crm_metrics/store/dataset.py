"""One table of one file with its mapping and, where the mapping suffices, its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from crm_metrics.errors import CrmMetricsError
from crm_metrics.facts import mask, mask_line
from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Issue, Reason, Table
from crm_metrics.mapping.model import Mapping


def folded(name: str) -> str:
    """A header without what people change by accident: case and spaces."""
    return " ".join(name.lower().split())


def dimension_name(header: str) -> str:
    """The column of an unmapped header: no text of a file ever is a name in SQL."""
    return "d_" + sha256(folded(header).encode()).hexdigest()[:12]


_OF_LINES = frozenset({"lines_repaired", "lines_unsplit", "mixed_encodings", "table_below"})


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the rows of a data set stay: the name of the backend, and of the table there.

    `filled` are the columns of its typed rows that hold at least one value.
    """

    backend: str
    table: str
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set of the workspace.

    `id` follows from the content of the file and the table's name. `facts` is None where the
    mapping does not suffice yet or the data set can't be read; then `error` says why. A data set
    whose manifest is damaged has a table without columns. Of a `remote` one only the first rows are
    here, as text; its facts say what was counted over all rows there.
    """

    id: str
    table: Table
    mapping: Mapping
    facts: Facts | None
    added_at: datetime
    error: CrmMetricsError | None = None
    remote: Remote | None = None

    @property
    def unmapped(self) -> dict[str, str]:
        """The headers of columns without a field, by their name in an engine's tables."""
        headers = self.facts.dimensions.values() if self.facts else ()
        return {dimension_name(header): header for header in headers}

    def masked_line(self, text: str, reason: Reason | None = None) -> str:
        """A line of the source with people hidden; names of columns and titles stay readable."""
        if reason in ("header", "preamble"):
            return mask(text, None)
        fields = {item.column: item.field for item in self.mapping.columns}
        known = [fields.get(place) for place in range(len(self.table.headers))]
        return mask_line(text, self.table.how.delimiter, known)

    def masked_example(self, issue: Issue, text: str) -> str:
        """An example of a doubt with people hidden: a line with its number, or a word."""
        number, colon, line = text.partition(": ")
        if issue.code in _OF_LINES and colon and number.isdigit():
            return f"{number}: {self.masked_line(line)}"
        return mask(text, None)


def with_facts(datasets: Iterable[Dataset]) -> list[Dataset]:
    """The data sets that have facts here, as long as these are on disk."""
    return [
        item for item in datasets if item.facts and not item.remote and item.facts.path.exists()
    ]
