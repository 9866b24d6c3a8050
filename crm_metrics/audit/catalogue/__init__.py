"""Every check, declared as data: a module here with CHECKS is found by itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from crm_metrics.audit.model import Check, Threshold

# The order of documents; modules that are not named here follow by name.
_ORDER = (
    *("names", "phones", "emails", "duplicates", "fields", "contacts", "deals", "stages", "leads"),
    *("owners", "tasks", "users", "amounts", "sales", "dates", "damage", "filling"),
    *("integrations", "messages", "voice"),
)


def discovered() -> tuple[Check, ...]:
    """All checks of the modules in this package; raises ValueError where one is declared twice."""
    names = sorted((module.name for module in iter_modules(__path__)), key=_place)
    found: dict[tuple[str, str], Check] = {}
    for name in names:
        for check in import_module(f"{__name__}.{name}").CHECKS:
            if (check.grain, check.key) in found:
                msg = f"{check.key} on {check.grain} is declared twice"
                raise ValueError(msg)
            found[check.grain, check.key] = check
    return tuple(found.values())


@cache
def catalogue() -> tuple[Check, ...]:
    """All checks, in the order of documents."""
    return discovered()


def thresholds() -> dict[str, Threshold]:
    """Every threshold of the checks by its key; raises ValueError where two differ under one."""
    found: dict[str, Threshold] = {}
    for check in catalogue():
        for one in check.thresholds:
            if found.setdefault(one.key, one) != one:
                msg = f"the threshold {one.key} is declared twice"
                raise ValueError(msg)
    return found


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)
