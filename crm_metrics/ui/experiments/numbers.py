"""Inputs of numbers that the parts of the Experiments page share."""

from __future__ import annotations

import re

import streamlit as st

from crm_metrics.errors import UsageError
from crm_metrics.texts import t


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
    """Ask for a number, kept for the session; an empty one is nan where there is no default."""
    whole = isinstance(step, int)
    value = st.number_input(
        t(f"experiments.{name}", language),
        min_value=bounds[0],
        max_value=bounds[1],
        value=default,
        step=step,
        format="%d" if whole else "%g",
        key=key or name,
        persist_state="session",
        help=meaning,
        width=260,
    )
    return float("nan") if value is None else value


def split_typed(name: str, arms: int, language: str) -> tuple[float, ...]:
    """Ask for the parts of a split among so many arms; even ones at first.

    Raises UsageError("split_format").
    """
    typed = st.text_input(
        t("experiments.split_typed", language),
        value="50:50" if arms == 2 else ":".join(["1"] * arms),
        key=f"{name}_{arms}",
        persist_state="session",
        max_chars=60,
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
