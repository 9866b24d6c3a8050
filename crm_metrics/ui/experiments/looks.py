"""How often a result is looked at: once, a planned number of times (which of them), or whenever."""

from __future__ import annotations

import math

from crm_metrics.texts import t
from crm_metrics.ui.experiments.numbers import number
from crm_metrics.ui.filters import one_of


def looks_asked(name: str, language: str, *, which: bool = False) -> str:
    """Ask how often: "once", "any", the number of planned looks, and `which` this is ("2/5")."""
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
    count = int(number(f"{name}_count", language, (2, 20), 5, 1))
    return look_asked(count, language) if which else str(count)


def look_asked(count: int, language: str) -> str:
    """Ask which of the planned looks this is: "2/5", or "5" where nobody says."""
    meaning = t("experiments.look_help", language)
    look = number("look", language, (1, count), None, 1, meaning=meaning, key=f"look_{count}")
    return str(count) if math.isnan(look) else f"{int(look)}/{count}"
