"""All that the Customers page and command say of deals beside the metrics of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from crm_metrics.metrics.compute import compute
from crm_metrics.metrics.deals.backtest import Backtest, backtest
from crm_metrics.metrics.deals.book import book
from crm_metrics.metrics.deals.coverage import pipeline_coverage
from crm_metrics.metrics.deals.forecast import Forecast, forecast
from crm_metrics.metrics.deals.stages import Funnel, funnel
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Value


@dataclass(frozen=True, slots=True)
class Odd:
    """Deals that the numbers leave out or that look wrong, each with its count."""

    unclosed: int = 0
    backwards: int = 0
    unknown: int = 0
    zero_won: int = 0
    unvalued: int = 0
    undated: int = 0
    no_currency: int = 0


@dataclass(frozen=True, slots=True)
class Selling:
    """The funnel, the forecast with its past error, coverage, and what is odd in the deals."""

    deals: int
    funnel: Funnel
    forecast: Forecast | None
    backtest: Backtest
    coverage: Value
    odd: Odd
    several_pipelines: bool
    currency: str | None

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of derived metrics, in the order in which they are told."""
        told = self.forecast
        every = (
            *(stage.went_on for stage in self.funnel.stages),
            told.amount if told else None,
            told.deals if told else None,
            self.backtest.value,
            self.coverage,
        )
        return tuple(one for one in every if one is not None)


def selling(
    engine: Engine,
    filters: Filters | None = None,
    *,
    stages: tuple[str, ...] = (),
    target: float | None = None,
) -> Selling | None:
    """What the deals tell; None where there are none whose state is known.

    The period of the filters chooses only what was won for the coverage of `target`; `stages` is
    the user's order of them.
    """
    filters = filters or Filters()
    found = book(engine, filters)
    if found is None:
        return None
    known = funnel(found, stages)
    told = forecast(found, known)
    whole = replace(filters, start=None, end=None)
    pipeline = compute(engine, ["pipeline"], filters=whole).values
    won = compute(engine, ["won_amount"], filters=filters).values
    decided = ~found.is_open
    amounts = found.has_amounts
    return Selling(
        deals=len(found.created),
        funnel=known,
        forecast=told,
        backtest=backtest(found, told),
        coverage=pipeline_coverage(next(iter(pipeline), None), next(iter(won), None), target),
        odd=Odd(
            unclosed=int((decided & np.isnat(found.closed)).sum()),
            backwards=int((found.closed < found.created).sum()),
            unknown=found.unknown,
            zero_won=int((found.is_won & (found.amount == 0)).sum()) if amounts else 0,
            unvalued=int((found.is_open & ~np.isfinite(found.amount)).sum()) if amounts else 0,
            undated=int(np.isnat(found.created).sum()),
            no_currency=found.unnamed if amounts else 0,
        ),
        several_pipelines=found.several_pipelines,
        currency=found.currency,
    )
