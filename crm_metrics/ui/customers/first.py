"""What a person asks of orders, deals and the CRM's use in a period, and in which order."""

from __future__ import annotations

from crm_metrics.metrics.derived import DERIVED
from crm_metrics.ui.customers.asked import worked_out
from crm_metrics.ui.metrics.topic import Topic

GRAINS = frozenset({"orders", "deals", "activities"})
_FIRST = (
    *("revenue_per_buyer", "aov", "orders_per_customer", "repeat_purchase_rate"),
    *("win_rate_closed", "win_rate_cohort", "cycle_median", "avg_deal"),
    "overdue_task_share",
)
_TOTALS = (
    *("cross_sell_rate", "cross_sell_basket_rate", "profit_per_customer", "orders"),
    *(
        "win_rate",
        "decision_median",
        "deal_median",
        "deals",
        "new_leads",
        "open_deals",
        "closed_deals",
    ),
    *("pipeline", "won_amount", "activity_volume"),
)
TOPIC = Topic(
    first=_FIRST,
    only=(*_FIRST, *_TOTALS),
    derived=frozenset(one.key for one in DERIVED if one.grain == "orders"),
    worked_out=worked_out,
)
