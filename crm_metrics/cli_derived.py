"""Values that no sum of rows gives, as the command writes them: a line each, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from crm_metrics.findings.customers import derived_estimate
from crm_metrics.findings.lineage import component_lines, components_document
from crm_metrics.findings.wording import channel_name, flags_text, metric_name
from crm_metrics.metrics import Value
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.lineage import Behind, Component, components_of
from crm_metrics.store import Dataset
from crm_metrics.texts import t

LINES = click.option(
    "--lines",
    "first",
    type=click.IntRange(min=0),
    metavar="N",
    help="With each value the N heaviest lines of the files behind each of its components.",
)


@dataclass(frozen=True, slots=True)
class Traced:
    """The components of values with their lines, and the data sets that the lines stand in."""

    datasets: Sequence[Dataset] = ()
    found: dict[int, tuple[Component, ...]] = field(default_factory=dict)

    def lines(self, value: object, lang: str) -> list[str]:
        """What is behind a value (or a question), in words; [] where that is not asked for."""
        own = self.found.get(id(value), ())
        return [f"  {one}" for one in component_lines(own, self.datasets, lang)]

    def document(self, value: object) -> dict[str, Any]:
        """The same as plain data, to be added to that of the value."""
        own = self.found.get(id(value))
        return {} if own is None else {"lines_of": components_document(own, self.datasets)}


def traced(
    engine: Engine,
    datasets: Sequence[Dataset],
    values: Iterable[tuple[Value, Behind]],
    first: int | None,
) -> Traced:
    """The components behind values; none where `first` says that nobody asks."""
    if first is None:
        return Traced()
    found = {
        id(value): components_of(engine, value, behind, first=first) for value, behind in values
    }
    return Traced(tuple(datasets), found)


def derived_line(value: Value, lang: str) -> str:
    """The value with its name, group, interval, n and what to keep in mind."""
    names = [name for name in value.group.values() if name]
    if "channel" in value.group:
        share_of = t(f"variant.{value.variant}", lang)
        names = [f"{channel_name(value.group['channel'], lang)} ({share_of})"]
    group = "".join(f" · {name}" for name in names)
    said = f"{metric_name(value.metric, lang)}{group}: {derived_estimate(value, lang)}"
    return " ".join([said, *flags_text(value, lang)])


def plain_value(one: Value, behind: Traced | None = None) -> dict[str, Any]:
    """All of the value that a program may ask for, with the lines behind it where they are."""
    names = ("metric", "variant", "group", "value", "low", "high", "n", "components", "flags")
    own = {name: getattr(one, name) for name in names} | {"currency": one.currency}
    return own | (behind.document(one) if behind else {})
