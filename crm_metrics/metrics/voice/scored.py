"""Where scores stand: in surveys, in conversations, in calls, in reports of support."""

from __future__ import annotations

from typing import Final

from crm_metrics.metrics.ground import Engine, grains_of, mapped_of, parts_of

SURVEYS: Final = "surveys"
_SCORED: Final = ("conversations", "calls", "support_stats")


def scored_grains(engine: Engine) -> frozenset[str]:
    """The grains that tell what clients feel: surveys, and others that have a score."""
    return frozenset(
        grain
        for part in parts_of(engine)
        for grain in grains_of(part)
        if grain == SURVEYS or (grain in _SCORED and "score" in mapped_of(part, grain))
    )
