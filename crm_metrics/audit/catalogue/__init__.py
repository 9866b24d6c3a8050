"""Every check, declared as data: a module here with CHECKS is found by itself."""

from __future__ import annotations

from functools import cache

from crm_metrics.audit.model import Check, Threshold
from crm_metrics.metrics.discovery import declared_in

# The order of documents; modules that are not named here follow by name.
_ORDER = (
    *("names", "phones", "emails", "duplicates", "fields", "contacts", "deals", "stages", "leads"),
    *(
        "owners",
        "staff",
        "tasks",
        "users",
        "amounts",
        "sales",
        "dates",
        "numbers",
        "damage",
        "filling",
        "dictionary",
    ),
    *("integrations", "orphans", "messages", "suppressed", "totals", "channels", "voice"),
)


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks, in the order of documents; raises ValueError where one is declared twice."""
    return declared_in(__name__, __path__, "CHECKS", _ORDER)


def thresholds() -> dict[str, Threshold]:
    """Every threshold of the checks by its key; raises ValueError where two differ under one."""
    found: dict[str, Threshold] = {}
    for check in catalogue():
        for one in check.thresholds:
            if found.setdefault(one.key, one) != one:
                msg = f"the threshold {one.key} is declared twice"
                raise ValueError(msg)
    return found
