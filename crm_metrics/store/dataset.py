"""One table of one file with its mapping and, where the mapping suffices, its facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_metrics.errors import CrmMetricsError
from crm_metrics.facts.model import Facts
from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set of the workspace.

    `id` follows from the content of the file and the table's name. `facts` is None where the
    mapping does not suffice yet or the data set can't be read; then `error` says why. A data set
    whose manifest is damaged has a table without columns.
    """

    id: str
    table: Table
    mapping: Mapping
    facts: Facts | None
    added_at: datetime
    error: CrmMetricsError | None = None
