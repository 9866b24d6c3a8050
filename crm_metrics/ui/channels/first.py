"""What a person asks of a channel first, and the metrics that the page shows of all together."""

from __future__ import annotations

from crm_metrics.ui.metrics.delays import SPEED
from crm_metrics.ui.metrics.topic import Topic

FREQUENCY = ("over_contacted_rate", "contact_frequency", "contact_frequency_p90")
# Opens are not here, since machines open mail too.
FIRST = (
    "people_reached",
    "engaged_audience_rate",
    "cost_per_engaged",
    "click_rate",
    "conversion_rate",
    "revenue_per_message",
    "complaint_rate",
    "unsub_rate",
    "er_reach",
    "answered_within",
    "csat",
    "nps",
    "call_answer_rate",
    "win_rate",
    "repeat_purchase_rate",
    "revenue_per_buyer",
    "roas",
    "cpl",
)
# What is sent comes first, then what is published and paid for, then what clients do in return.
KINDS = (
    frozenset({"campaigns", "recipients", "events"}),
    frozenset({"posts", "page_days", "traffic", "spend"}),
    frozenset({"conversations", "support_stats", "calls"}),
    frozenset({"surveys"}),
)
CHANNELS = Topic(first=FIRST, beside=(*SPEED, *FREQUENCY), kinds=KINDS)
