"""What the Customers page asks of orders and spend, and the plan that it counts by."""

from __future__ import annotations

from crm_metrics.metrics.value.lifetime import Plan
from crm_metrics.metrics.value.overview import (
    Customers,
    Winning,
    acquired,
    customers,
    whole_history,
    winning,
)
from crm_metrics.ui import cached
from crm_metrics.ui.filters import number_in_address
from crm_metrics.ui.metrics.data import Seen

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
    return winning(known_customers(seen), costs[0], chosen_plan().margin) if costs else None
