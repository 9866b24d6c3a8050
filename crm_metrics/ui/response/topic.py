"""What the Response page asks for: conversations first, then calls and orders."""

from __future__ import annotations

from crm_metrics.ui.metrics.delays import SPEED
from crm_metrics.ui.metrics.topic import Topic

CALLS = (
    "call_answer_rate",
    "abandon_rate",
    "call_service_level",
    "call_service_level_long",
    "call_service_level_answered",
    "asa_median",
    "wait_median",
    "aht_median",
    "callback_median",
)
APART = ("conversations", "agent_started", "bot_conversations")
WAITING = ("frt_km_median", "frt_km_p90", "frt_business", "frt_business_p90", "frt_mean")
ENDING = (
    "resolution_median",
    "resolution_km_median",
    "resolved_within_sla",
    "reopen_rate",
    "fcr",
    "backlog",
    "load_per_agent",
)
_FIRST = (*SPEED, "resolved_within_sla", "frt_business", "next_reply_median", "call_answer_rate")
GRAINS = frozenset({"conversations", "support_stats", "calls"})
RESPONSE = Topic(
    first=(*_FIRST, "call_service_level", "orders_within_24h"),
    beside=(*SPEED, "frt_mean", *APART, *CALLS, "calls"),
    of_messages=False,
    kinds=(GRAINS,),
    only=(
        *(*SPEED, *WAITING, "next_reply_median", *ENDING, *APART),
        *(*CALLS, "calls", "orders_within_24h"),
    ),
)
