"""Metrics beside the one that decides: guardrails and others, by their columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from crm_metrics.errors import CrmMetricsError
from crm_metrics.experiments import Arm, Measured, Metric, Setup, better_when
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.address import keep, kept, widget_key

GUARDS = ("unsubscribed", "complained")
_SHARES = ("delivered", "opened", "clicked", "converted", "attended", "is_answered")
_AMOUNTS = ("revenue", "margin")
_MOST = 6

Arms = tuple[Setup, tuple[Arm, ...]]
Summed = Callable[[dict[str, str]], Arms]


def watched(
    dataset: Dataset,
    arms: Sequence[Arm],
    taken: Sequence[str],
    summed: Summed,
    language: str,
) -> tuple[Measured, ...]:
    """Ask which columns to watch beside the decision's; those that guard are chosen already.

    `taken` are headers that the test uses itself; `summed` gives the arms of a column, named as
    `arms_from_table` takes it.
    """
    fields = {key: item.column for key, item in dataset.mapping.fields.items()}
    headers = dataset.table.headers
    known = {
        headers[fields[key]]: key
        for key in (*GUARDS, *_SHARES, *_AMOUNTS)
        if key in fields and headers[fields[key]] not in taken
    }
    if not known:
        return ()
    chosen = _chosen(known, language)
    found = (_measured(dataset, arms, header, known[header], summed) for header in chosen)
    return tuple(item for item in found if item is not None)


def _chosen(known: dict[str, str], language: str) -> list[str]:
    guards = [header for header, key in known.items() if key in GUARDS]
    told = [header for header in kept("watch") if header in known]
    default = [] if kept("watch") == ["none"] else told or guards
    picked = st.multiselect(
        t("experiments.watch", language),
        list(known),
        default=default,
        max_selections=_MOST,
        key=widget_key("watch", language),
        placeholder=t("experiments.watch_none", language),
        help=t("experiments.watch_help", language),
        width=380,
    )
    keep("watch", [] if picked == guards else picked or ["none"])
    return picked


def _measured(
    dataset: Dataset, arms: Sequence[Arm], header: str, key: str, summed: Summed
) -> Measured | None:
    """A column's sums; None where its cells can't be read as such a result."""
    amount = key in _AMOUNTS
    try:
        setup, own = summed({"value" if amount else "success": header})
    except CrmMetricsError:
        return None
    named = {arm.name: arm for arm in own}
    if any(arm.name not in named for arm in arms):
        return None
    metric = Metric(
        name=header,
        shape=setup.shape,
        role="guardrail" if key in GUARDS else "secondary",
        direction=better_when(header, dataset.table.headers, dataset.mapping.by_position),
        field=key,
    )
    return Measured(metric, tuple(named[arm.name] for arm in arms))
