"""The level of a test and the way that is better, as a plan and a verdict ask for them."""

from __future__ import annotations

from crm_metrics.experiments.model import Direction
from crm_metrics.texts import t
from crm_metrics.ui.experiments.numbers import number
from crm_metrics.ui.filters import one_of


def level_asked(name: str, language: str) -> float:
    """Ask how sure a verdict must be, in percent; the chance of a false winner that is left."""
    meaning = t("experiments.level_help", language)
    sure = number(name, language, (80.0, 99.9), 95.0, 1.0, meaning=meaning)
    return round(1 - sure / 100, 12)


def direction_asked(name: str, known: Direction, language: str) -> Direction:
    """Ask which way is better; `known` is what the metric says by itself."""
    options: tuple[Direction, Direction] = ("up", "down") if known == "up" else ("down", "up")
    chosen = one_of(
        name,
        t("experiments.better", language),
        options,
        lambda key: t(f"experiments.better_{key}", language),
        language=language,
        meaning=t("experiments.better_help", language),
    )
    return "down" if chosen == "down" else "up"
