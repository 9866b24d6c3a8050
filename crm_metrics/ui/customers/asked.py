"""What the Customers page asks of orders and spend, and the plan that it counts by."""

from __future__ import annotations

from dataclasses import replace

from crm_metrics.metrics.goals import read_goals
from crm_metrics.metrics.ground import grains_of
from crm_metrics.metrics.model import Value
from crm_metrics.metrics.value.lifetime import Plan
from crm_metrics.metrics.value.moved import Moved, moved_each
from crm_metrics.metrics.value.overview import (
    Customers,
    Winning,
    acquired,
    customers,
    earned,
    whole_history,
    winning,
    worth_until,
)
from crm_metrics.metrics.value.returns import Returns
from crm_metrics.metrics.value.sales import sales_shares
from crm_metrics.ui import cached
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.state import workspace
from crm_metrics.ui.typed import number_in_address

_OF_COHORTS = frozenset({"retention_rate", "repeat_within"})
_WORTH = frozenset({"ltv_simple", "ltv_model"})
MARGIN, MONTHS = "margin", "horizon"
MARGINS, HORIZONS = (1.0, 100.0), (1.0, 60.0)


def chosen_plan() -> Plan:
    """The margin and the horizon that the whole page counts by, known before they are drawn."""
    usual = Plan()
    return Plan(
        months=round(number_in_address(MONTHS, usual.months, *HORIZONS)),
        discount=usual.discount,
        margin=number_in_address(MARGIN, 100 * usual.margin, *MARGINS) / 100,
    )


def known_customers(seen: Seen) -> Customers:
    """The history of the customers whom the page's filters choose; their period is not asked."""
    return cached.asked(customers, whole_history(seen.filters), plan=chosen_plan())


def known_cost(seen: Seen) -> Winning | None:
    """What winning a customer costs in the page's period; None without spend on days of orders."""
    costs = cached.asked(acquired, seen.filters)
    before = cached.asked(acquired, seen.earlier) if seen.earlier and costs else ()
    earlier = before[0] if before else None
    if not costs:
        return None
    return winning(known_customers(seen), costs[0], chosen_plan().margin, earlier)


def known_shares(seen: Seen) -> tuple[Value, ...]:
    """Each channel's share of sales in the page's period."""
    return cached.asked(sales_shares, seen.filters)


def moved_shares(seen: Seen) -> tuple[Moved, ...]:
    """The change of each channel's share since the period before."""
    before = cached.asked(sales_shares, seen.earlier) if seen.earlier else ()
    return moved_each(known_shares(seen), before)


def known_returns(seen: Seen) -> Returns | None:
    """What all orders of the page's period bring for all spend; None without spend."""
    found = cached.asked(earned, seen.filters, chosen_plan().margin)
    return found[0] if found else None


def moved_returns(seen: Seen) -> tuple[Moved, ...]:
    """The change of that since the period before."""
    now = known_returns(seen)
    before = cached.asked(earned, seen.earlier, chosen_plan().margin) if seen.earlier else ()
    return moved_each(now.values, before[0].values) if now and before else ()


def worked_out(seen: Seen) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    """Values of whole histories that goals are set for, and those of the period before.

    Retention stands for that of the month after the first order.
    """
    if "orders" not in cached.asked(grains_of):
        return (), ()
    found, won, back = known_customers(seen), known_cost(seen), known_returns(seen)
    moves = (*found.moved, *(won.moved if won else ()), *moved_returns(seen), *moved_shares(seen))
    first = found.retention.curve[:1] if found.retention else ()
    now = (
        *(replace(one, group={}) for one in first),
        *(one for one in found.values if one.metric != "retention_rate"),
        *(won.values if won else ()),
        *(back.values if back else ()),
        *known_shares(seen),
    )
    earlier = (one.before for one in moves if one.before.metric not in _OF_COHORTS)
    return now, (*earlier, *_worth_before(seen))


def _worth_before(seen: Seen) -> tuple[Value, ...]:
    """LTV as it was at the end of the period before, where a goal of growth asks for it."""
    goals = (one for one in read_goals(workspace().folder) if one.relative)
    keys = frozenset(one.metric for one in goals) & _WORTH
    day = seen.earlier.end if seen.earlier else None
    if not keys or day is None:
        return ()
    return cached.asked(worth_until, whole_history(seen.filters), day, chosen_plan(), keys)
