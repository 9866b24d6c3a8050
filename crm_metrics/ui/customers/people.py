"""The customers behind the numbers, to be counted again: a few on the page, more in a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd
import streamlit as st

from crm_metrics.findings.sheet import Cell
from crm_metrics.metrics.cohorts import history
from crm_metrics.metrics.cohorts.listing import MOST, MOST_ORDERS, Customer, listed, orders_listed
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Filters
from crm_metrics.metrics.value.overview import whole_history
from crm_metrics.texts import date_text, integer_text, money_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.customers.about import about
from crm_metrics.ui.customers.asked import known_customers
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.state import engine, workspace
from crm_metrics.ui.widgets import download_table

_SHOWN = 10
_COLUMNS = ("name", "file", "line", "first", "second", "last", "days", "amount", "silent", "gone")
_ORDER_COLUMNS = ("name", "file", "order_line", "day", "paid")
_NUMBERS = frozenset({"line", "days", "amount", "silent"})


def people_section(seen: Seen, language: str) -> None:
    """Draw the customers who paid most, each with the line of the first order, and the file."""
    st.subheader(t("customers.people_title", language))
    found = known_customers(seen)
    if found.retention is None or found.returning is None:
        about(found, language)
        return
    limit, currency = found.returning.limit, found.retention.currency
    filters = whole_history(seen.filters)
    files = {one.id: one.table.file_name for one in workspace().datasets()}
    first = cached.asked(_some, filters, limit, _SHOWN)
    titles = [t(f"customers.list.{name}", language) for name in _COLUMNS]
    frame = pd.DataFrame(
        [_shown(one, files, currency, language) for one in first], columns=titles
    ).map(esc)
    st.caption(
        t(
            f"customers.people_lead{'' if found.retention.amounts else '_days'}",
            language,
            shown=integer_text(len(first), language),
            people=integer_text(found.people, language),
        )
    )
    st.table(frame, border="horizontal", hide_index=True, alt=t("customers.people_title", language))
    known = engine()

    def rows() -> Iterator[Sequence[Cell]]:
        with known.again() as own:
            every = _some(own, filters, limit, MOST)
        for one in every:
            yield _cells(one, files)

    download_table(
        titles,
        rows,
        language,
        name="customers",
        key="customers_download",
        label=t("customers.people_download", language),
    )
    st.caption(t("customers.orders_lead", language, most=integer_text(MOST_ORDERS, language)))

    def orders() -> Iterator[Sequence[Cell]]:
        with known.again() as own:
            kept = history(own, filters)
            every = tuple(orders_listed(own, kept)) if kept else ()
        for one in every:
            file = files.get(one.dataset, one.dataset)
            yield one.name, file, one.line, one.day.isoformat(), one.amount

    download_table(
        [t(f"customers.list.{name}", language) for name in _ORDER_COLUMNS],
        orders,
        language,
        name="orders",
        key="orders_download",
        label=t("customers.orders_download", language),
    )
    if found.people > MOST:
        most = integer_text(MOST, language)
        key = "people_most" if found.retention.amounts else "people_most_days"
        st.caption(t(f"customers.{key}", language, most=most))


def _some(own: Engine, filters: Filters, limit: int | None, most: int) -> tuple[Customer, ...]:
    found = history(own, filters)
    return tuple(listed(own, found, limit, most)) if found else ()


def _cells(one: Customer, files: dict[str, str]) -> tuple[Cell, ...]:
    second = one.second.isoformat() if one.second else None
    dates = (one.first.isoformat(), second, one.last.isoformat())
    gone = None if one.gone is None else int(one.gone)
    place = (one.name, files.get(one.dataset, one.dataset), one.line)
    return (*place, *dates, one.days, one.amount, one.silent, gone)


def _shown(
    one: Customer, files: dict[str, str], currency: str | None, language: str
) -> tuple[str, ...]:
    second = date_text(one.second, language) if one.second else "—"
    gone = "—" if one.gone is None else t(f"customers.list.{'yes' if one.gone else 'no'}", language)
    return (
        one.name,
        files.get(one.dataset, one.dataset),
        integer_text(one.line, language),
        date_text(one.first, language),
        second,
        date_text(one.last, language),
        integer_text(one.days, language),
        money_text(one.amount, language, currency),
        integer_text(one.silent, language),
        gone,
    )
