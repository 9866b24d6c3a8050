"""Public reference numbers, each with its source, year, quality and aggregator.

They stand in benchmarks.csv. None is a norm, and none colours a value.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from crm_metrics.metrics.model import Value

Quality = Literal["verified", "secondary"]
Difference = Literal["formula", "formula_unstated", "aggregator", "aggregator_unstated", "other"]
_COMPLAINTS = "complaint_rate"
# Numbers that are no average of anything: a rule of mail providers, a vendor's own scale, an
# opinion.
_OTHER = frozenset({"limit_wanted", "limit_most", "good_band", "said_by_companies"})


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published number in the metric's own unit; `value_to` is the upper end of a range.

    `variant` is the base of its formula ("" where the source does not say), `aggregator` over what
    it is averaged. `channel`, `message_type` are "" where it is for any. `year` is that of the
    data, or of the publication where the data's is not said. `secondary`: read only in `quoted_by`.
    """

    key: str
    variant: str
    value: float
    value_to: float | None
    aggregator: str
    channel: str
    message_type: str
    segment: str
    source: str
    quoted_by: str
    year: int
    url: str
    quality: Quality


def benchmarks_of(metric: str, channel: str | None = None) -> tuple[Benchmark, ...]:
    """The numbers for a metric in a channel, the latest first; with None those of any channel."""
    found = (
        one
        for one in all_benchmarks()
        if one.key == metric and (channel is None or one.channel in ("", channel))
    )
    return tuple(sorted(found, key=lambda one: (-one.year, one.quality != "verified")))


def differences(benchmark: Benchmark, value: Value) -> tuple[Difference, ...]:
    """In what a number is made otherwise than a value of all messages together.

    A ratio of sums and a median over companies answer two questions, and so do two formulas.
    """
    if benchmark.aggregator in _OTHER:
        return ("other",)
    found: list[Difference] = []
    if not benchmark.variant:
        found.append("formula_unstated")
    elif benchmark.variant != value.variant:
        found.append("formula")
    if benchmark.aggregator == "unstated":
        found.append("aggregator_unstated")
    elif benchmark.aggregator != "pooled":
        found.append("aggregator")
    return tuple(found)


def complaint_limits() -> tuple[Benchmark, Benchmark]:
    """The share of complaints to stay below, and the one never to reach, at mail providers."""
    named = {one.aggregator: one for one in all_benchmarks() if one.key == _COMPLAINTS}
    return named["limit_wanted"], named["limit_most"]


@cache
def all_benchmarks() -> tuple[Benchmark, ...]:
    """Every number of the file."""
    source = files(__package__).joinpath("benchmarks.csv").read_text(encoding="utf-8")
    return tuple(_benchmark(line) for line in csv.DictReader(source.splitlines()))


def _benchmark(line: dict[str, str]) -> Benchmark:
    return Benchmark(
        key=line["key"],
        variant=line["variant"],
        value=float(line["value"]),
        value_to=float(line["value_to"]) if line["value_to"] else None,
        aggregator=line["aggregator"],
        channel=line["channel"],
        message_type=line["message_type"],
        segment=line["segment"],
        source=line["source"],
        quoted_by=line["quoted_by"],
        year=int(line["year"]),
        url=line["url"],
        quality="verified" if line["quality"] == "verified" else "secondary",
    )
