"""What the Voice page asks for: scores first, then who answered and how long it took."""

from __future__ import annotations

from crm_metrics.ui.metrics.topic import Topic

SCORES = ("nps", "csat", "ces", "ces_2010", "ces_easy_share")
RESPONSES = ("survey_response_rate", "survey_responses")
_FIRST = (
    *("nps", "csat", "survey_response_rate", "ces", "ces_2010", "ces_easy_share"),
    *("csat_bottom2", "survey_duration_p90"),
)
VOICE = Topic(
    first=_FIRST,
    beside=(*SCORES, *RESPONSES),
    of_messages=False,
    only=(
        *_FIRST,
        *("csat_mean", "survey_duration_median", "satisfied_customers"),
        "survey_responses",
    ),
)
