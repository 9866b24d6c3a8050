"""The response rate where a file says only how many were invited in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crm_metrics.metrics import intervals
from crm_metrics.metrics.derived import numbers_of
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.model import Value

GRAIN, FIELD = "surveys", "invited"


@dataclass(frozen=True, slots=True)
class Invited:
    """The responses of a data set over all that were invited, whatever is filtered.

    Of a part (a channel, a week) the number of the invited is not known.
    """

    dataset: str
    responses: int
    rate: Value


def invited(engine: Engine) -> tuple[Invited, ...]:
    """The rate of each data set that states the number; () where none does."""
    return tuple(one for part in parts_of(engine) for one in _of_part(part))


def _of_part(part: Engine) -> list[Invited]:
    if GRAIN not in grains_of(part) or FIELD not in mapped_of(part, GRAIN):
        return []
    table, _ = ground(part, GRAIN)
    rows = table.filter(table[FIELD].notnull())
    found = rows.group_by(dataset=rows["__dataset"].cast("string")).aggregate(
        responses=rows.response_id.nunique(where=rows.is_answer), invited=rows[FIELD].max()
    )
    lines = found.to_pyarrow().to_pylist()
    return [
        Invited(line["dataset"], line["responses"], _rate(line["responses"], line["invited"]))
        for line in sorted(lines, key=lambda line: str(line["dataset"]))
        if line["invited"]
    ]


def _rate(responses: int, asked: int) -> Value:
    x, n = float(responses), float(asked)
    sums = {"x": x, "n": n}
    if x > n:
        return Value(
            *("survey_response_rate", "of_invited", GRAIN), {}, x / n, None, None, n, sums,
            ("impossible",),
        )  # fmt: skip
    ends = intervals.wilson(np.array(x), np.array(n))
    numbers = numbers_of(x / n, float(ends[0]), float(ends[1]))
    return Value("survey_response_rate", "of_invited", GRAIN, {}, *numbers, n, sums)
