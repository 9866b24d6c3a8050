"""How often a result is looked at: once, a planned number of times, or whenever."""

from __future__ import annotations

from crm_metrics.texts import t
from crm_metrics.ui.experiments.numbers import number
from crm_metrics.ui.filters import one_of


def looks_asked(name: str, language: str) -> str:
    """Ask how often; "once", "any", or the number of planned looks."""
    way = one_of(
        name,
        t("experiments.looks", language),
        ("once", "planned", "any"),
        lambda key: t(f"experiments.looks_{key}", language),
        language=language,
        meaning=t("experiments.looks_help", language),
    )
    if way != "planned":
        return way
    return str(int(number(f"{name}_count", language, (2, 20), 5, 1)))
