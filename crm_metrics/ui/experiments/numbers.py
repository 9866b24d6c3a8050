"""Inputs of numbers that the parts of the Experiments page share."""

from __future__ import annotations

import math
import re

from crm_metrics.errors import UsageError
from crm_metrics.texts import t
from crm_metrics.ui.typed import number_kept, number_or_none, text_kept


def number(
    name: str,
    language: str,
    bounds: tuple[float, float],
    default: float | None,
    step: float,
    *,
    meaning: str | None = None,
    key: str | None = None,
) -> float:
    """Ask for a number, kept in the address (as `key`); nan where it is open without a default."""
    label = t(f"experiments.{name}", language)
    if default is not None:
        return number_kept(
            key or name, label, default=default, bounds=bounds, step=step, meaning=meaning
        )
    typed = number_or_none(key or name, label, bounds=bounds, step=step, meaning=meaning)
    return math.nan if typed is None else typed


def of_table(name: str, table: str) -> str:
    """The name of a table's own number in the address."""
    return f"{name}_{table}" if table else name


def split_typed(name: str, arms: int, language: str, *, table: str = "") -> tuple[float, ...]:
    """Ask for the parts of a split among so many arms; even ones at first.

    Raises UsageError("split_format").
    """
    typed = text_kept(
        of_table(f"{name}_{arms}", table),
        t("experiments.split_typed", language),
        default="50:50" if arms == 2 else ":".join(["1"] * arms),
        most=60,
        width=200,
    )
    return _weights(typed)


def _weights(text: str) -> tuple[float, ...]:
    """Parts of a split as a person writes them: 50:50, 80/20, 2; 1; 1.

    Raises UsageError("split_format").
    """
    parts = [part for part in re.split(r"[\s:/;]+", text.strip()) if part]
    try:
        return tuple(float(part.replace(",", ".")) for part in parts)
    except ValueError:
        raise UsageError("split_format", split=text) from None
