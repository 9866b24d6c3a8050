"""All that the Customers page and command say of customers, from one history."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from crm_metrics.metrics.cohorts import (
    LeftOut,
    Retention,
    Returning,
    Rfm,
    history,
    history_until,
    lacks,
    pareto_share,
    retention,
    returning,
    rfm,
)
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters, Missing, Value
from crm_metrics.metrics.value.acquisition import (
    Acquisition,
    acquisition,
    ltv_cac,
    payback_months,
)
from crm_metrics.metrics.value.lifetime import Lifetime, Plan, ltv_model
from crm_metrics.metrics.value.moved import Moved, moved
from crm_metrics.metrics.value.returns import Returns, returns
from crm_metrics.metrics.value.simple import ltv_simple


@dataclass(frozen=True, slots=True)
class Customers:
    """Who stays and what one is worth; `needs` are the fields that lack, and then all else is None.

    `start` and `end` are the days of sales, `out` what does not count.
    """

    needs: tuple[str, ...] = ()
    people: int = 0
    start: date | None = None
    end: date | None = None
    out: LeftOut = field(default_factory=LeftOut)
    retention: Retention | None = None
    returning: Returning | None = None
    rfm: Rfm | None = None
    pareto: Value | None = None
    simple: Value | None = None
    model: Lifetime | None = None

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of derived metrics, without the cells of cohorts."""
        known = self.returning
        every = (
            *(self.retention.curve if self.retention else ()),
            *((known.within, known.between, known.long_gap, known.churn) if known else ()),
            self.pareto,
            self.simple,
            self.model.value if self.model else None,
        )
        return tuple(one for one in every if one is not None)

    @property
    def moved(self) -> tuple[Moved, ...]:
        """The newest cohort beside the one before: who came back in a month, and in the window."""
        cohorts = self.retention.cohorts if self.retention else ()
        seen = [one.cells[0] for one in cohorts if one.cells and one.cells[0].value is not None]
        newest = moved(seen[-1], seen[-2]) if len(seen) > 1 else ()
        back = self.returning
        return (*newest, *(moved(back.lately, back.earlier) if back else ()))


@dataclass(frozen=True, slots=True)
class Winning:
    """The cost of a new customer, what one is worth over it, and when it is paid back.

    The worth is the modelled one, or the simple one where that is refused.
    """

    acquisition: Acquisition
    over_cac: Value
    payback: Value
    moved: tuple[Moved, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """All three."""
        return self.acquisition.cac, self.over_cac, self.payback


def customers(
    engine: Engine,
    filters: Filters | None = None,
    *,
    limit: int | None = None,
    plan: Plan | None = None,
) -> Customers:
    """What orders tell of customers; `limit` is T of churn in days, None for that of the gaps.

    Filters choose customers by their first orders; their period is not looked at.
    """
    lack: Missing | None = lacks(engine)
    if lack:
        return Customers(needs=lack.needs)
    plan = plan or Plan()
    found = history(engine, filters)
    if found is None or not found.people:
        return Customers()
    back = returning(found, limit=limit)
    return Customers(
        people=found.people,
        start=found.start,
        end=found.end,
        out=found.out,
        retention=retention(found),
        returning=back,
        rfm=rfm(found),
        pareto=pareto_share(found),
        simple=ltv_simple(found, back.limit, plan.margin),
        model=ltv_model(found, plan),
    )


def worth_until(
    engine: Engine, filters: Filters, day: date, plan: Plan, keys: frozenset[str]
) -> tuple[Value, ...]:
    """What a customer was worth at the end of a day, by what was known then, by the keys asked.

    Most of its customers are those of today: a difference from today's value is less doubtful than
    two independent intervals say.
    """
    whole = history(engine, filters)
    then = history_until(whole, day) if whole else None
    if then is None:
        return ()
    made = {
        "ltv_simple": lambda: ltv_simple(then, returning(then).limit, plan.margin),
        "ltv_model": lambda: ltv_model(then, plan).value,
    }
    return tuple(make() for key, make in made.items() if key in keys)


def whole_history(filters: Filters) -> Filters:
    """The filters without their period, which customers do not depend on."""
    return replace(filters, start=None, end=None)


def acquired(engine: Engine, filters: Filters) -> tuple[Acquisition, ...]:
    """The cost of a new customer in the period; () without spend on days of orders.

    All spend over all new customers: which channels are filtered is not looked at. None of a
    segment: what was spent on its people is not known.
    """
    if filters.segment is not None:
        return ()
    found = history(engine)
    period = Filters(start=filters.start, end=filters.end)
    won = acquisition(engine, found, period) if found and found.people else None
    return (won,) if won else ()


def winning(
    found: Customers, won: Acquisition, margin: float, earlier: Acquisition | None = None
) -> Winning | None:
    """What follows from the cost of a customer; None where customers are not known.

    `earlier` is the cost in the period before, to be compared with.
    """
    if found.model is None or found.simple is None or found.retention is None:
        return None
    worth = found.simple if found.model.value.value is None else found.model.value
    return Winning(
        won,
        ltv_cac(worth, won.cac),
        payback_months(found.retention, won.cac, margin),
        moved(won.cac, earlier.cac) if earlier else (),
    )


def earned(engine: Engine, filters: Filters, margin: float) -> tuple[Returns, ...]:
    """What all sales of the period bring for all spend; () without spend, and of a segment."""
    if filters.segment is not None:
        return ()
    found = returns(engine, Filters(start=filters.start, end=filters.end), margin)
    return (found,) if found else ()
