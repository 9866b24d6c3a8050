"""What the data let a person filter by: their period, channels, campaigns and currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import streamlit as st

from crm_metrics.schema import CHANNELS
from crm_metrics.store import Engine
from crm_metrics.ui.state import engine, workspace

_MOST_CAMPAIGNS = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """The span of dates, channels in the product's order, campaigns by name, and grains.

    `undated` counts records without a date, which no period holds.
    `currency` is the only currency of the data, None where there is none or more than one.
    """

    period: tuple[date, date] | None
    channels: tuple[str, ...]
    campaigns: tuple[str, ...]
    currency: str | None
    grains: tuple[str, ...]
    undated: int = 0


def choices() -> Choices:
    """The choices of the session's data, remembered until they change."""
    space = workspace()
    return _choices(str(space.folder), space.version, engine())


@st.cache_data(show_spinner=False, max_entries=32)
def _choices(folder: str, version: str, _engine: Engine) -> Choices:  # noqa: ARG001 - the key
    days: list[date] = []
    undated = 0
    channels: set[str] = set()
    campaigns: set[str] = set()
    currencies: set[str] = set()
    for grain in _engine.grains:
        table = _engine.table(grain)
        found = table.aggregate(
            first=table.date.min(), last=table.date.max(), undated=table.date.isnull().sum()
        )
        (ends,) = found.to_pyarrow().to_pylist()
        days += [ends[end] for end in ("first", "last") if ends[end] is not None]
        undated += int(ends["undated"] or 0)
        channels |= _distinct(table, "channel")
        currencies |= _distinct(table, "currency")
        for name in ("campaign_name", "campaign_id"):
            if name in table.columns:
                campaigns |= _distinct(table, name)
                break
    return Choices(
        period=(min(days), max(days)) if days else None,
        channels=_in_order(channels),
        campaigns=tuple(sorted(campaigns, key=str.casefold)[:_MOST_CAMPAIGNS]),
        currency=currencies.pop() if len(currencies) == 1 else None,
        grains=tuple(_engine.grains),
        undated=undated,
    )


def _distinct(table: ibis.Table, column: str) -> set[str]:
    found = table.select(column).distinct().limit(_MOST_CAMPAIGNS * 4).to_pyarrow()
    return {str(value) for value in found.column(0).to_pylist() if value is not None}


def _in_order(channels: set[str]) -> tuple[str, ...]:
    known = [channel for channel in CHANNELS if channel in channels]
    return (*known, *sorted(channels - set(known)))
