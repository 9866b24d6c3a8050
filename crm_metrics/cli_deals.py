"""What `customers` says of deals and of the CRM's use, beside what it says of orders."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import click

from crm_metrics.cli_derived import Traced, derived_line, plain_value
from crm_metrics.cli_options import with_options
from crm_metrics.findings.crm_use import needs_sentence, use_sentences
from crm_metrics.findings.deals import ASKED, deal_sentences, funnel_note, odd_sentences
from crm_metrics.metrics import Filters, Value, compute
from crm_metrics.metrics.crm_use import Use, crm_use
from crm_metrics.metrics.deals import Selling, selling
from crm_metrics.metrics.ground import Engine

_OPTIONS = (
    click.option(
        "--target",
        type=click.FloatRange(0, min_open=True),
        help="What won deals of the period should bring: for the coverage by the pipeline.",
    ),
    click.option("--stages", help="All stages of open deals in their order, divided by commas."),
    click.option("--licences", type=click.IntRange(1), help="People with access to the CRM."),
)


@dataclass(frozen=True, slots=True)
class DealOptions:
    """What the options say of deals and of the CRM's users."""

    target: float | None = None
    stages: tuple[str, ...] = ()
    licences: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What deals and activities tell; None where there are none."""

    deals: Selling | None = None
    metrics: Mapping[str, Value] = field(default_factory=dict)
    use: Use | None = None

    @property
    def derived(self) -> tuple[Value, ...]:
        """The values that no sum of rows gives."""
        of_deals = self.deals.values if self.deals else ()
        return (*of_deals, *(self.use.values if self.use else ()))


def deal_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command these options; it takes them as one argument, `selling`."""

    @with_options(_OPTIONS)
    @functools.wraps(command)
    def given(**options: Any) -> Any:
        names = (one.strip() for one in (options.pop("stages") or "").split(","))
        asked = DealOptions(
            options.pop("target"), tuple(filter(None, names)), options.pop("licences")
        )
        return command(selling=asked, **options)

    return given


def told_of_deals(engine: Engine, filters: Filters, options: DealOptions) -> Told:
    """All that deals and activities tell under these filters."""
    found = selling(engine, filters, stages=options.stages, target=options.target)
    asked = compute(engine, ASKED, filters=filters).values if found else ()
    use = crm_use(engine, filters, licences=options.licences)
    return Told(found, {value.metric: value for value in asked}, use)


def deal_lines(told: Told, behind: Traced, lang: str) -> list[str]:
    """What was told, in sentences and a line a number."""
    lines: list[str] = []
    if told.deals:
        lines += deal_sentences(told.deals, told.metrics, lang)
        for stage in told.deals.funnel.stages:
            lines.append(f"{stage.name}: n = {stage.open}")
        lines.append(funnel_note(told.deals, lang))
        lines += _lines(told.deals.values, behind, lang)
        lines += odd_sentences(told.deals, lang)
    if told.use:
        lines += use_sentences(told.use, lang)
        lines += _lines(told.use.values, behind, lang)
        lines += filter(None, [needs_sentence(told.use, lang)])
    return lines


def _lines(values: Iterable[Value], behind: Traced, lang: str) -> Iterator[str]:
    for value in values:
        yield derived_line(value, lang)
        yield from behind.lines(value, lang)


def deal_document(told: Told, behind: Traced) -> dict[str, Any]:
    """What was told as plain data; None for what there is nothing of."""
    deals, use = told.deals, told.use
    return {
        "deals": deals
        and {
            "deals": deals.deals,
            "stages": [
                {
                    "name": one.name,
                    "open": one.open,
                    "amount": one.amount,
                    "age": one.age,
                    "reached": [one.at_least, one.at_most],
                }
                for one in deals.funnel.stages
            ],
            "ordered": deals.funnel.ordered,
            "told": deals.funnel.told,
            "chances": [asdict(one) for one in (deals.forecast.chances if deals.forecast else ())],
            "months": [asdict(one) | {"day": one.day.isoformat()} for one in deals.backtest.months],
            "odd": asdict(deals.odd),
            "values": [plain_value(one, behind) for one in (*told.metrics.values(), *deals.values)],
        },
        "crm_use": use
        and {
            "start": use.start.isoformat() if use.start else None,
            "end": use.end.isoformat() if use.end else None,
            "users": use.users,
            "base": use.base,
            "weeks": use.weeks,
            "left_out": {"machines": use.machines, "nameless": use.nameless},
            "people": [asdict(one) for one in use.lines],
            "values": [plain_value(one, behind) for one in use.values],
        },
    }
