"""What a person asks of orders and deals in a period, and in which order."""

from __future__ import annotations

from collections.abc import Collection

from crm_metrics.ui.metrics.topic import Topic

_FIRST = {
    "orders": ("revenue_per_buyer", "aov", "orders_per_customer", "repeat_purchase_rate"),
    "deals": ("win_rate", "cycle_median", "avg_deal"),
}
_TOTALS = {
    "orders": ("cross_sell_rate", "cross_sell_basket_rate", "profit_per_customer", "orders"),
    "deals": ("deals", "pipeline"),
}
GRAINS = frozenset(_FIRST)


def topic_of(grains: Collection[str]) -> Topic:
    """The metrics of the page that the data's grains can have."""
    present = [grain for grain in _FIRST if grain in grains]
    first = tuple(key for grain in present for key in _FIRST[grain])
    return Topic(first=first, only=(*first, *(key for one in present for key in _TOTALS[one])))
