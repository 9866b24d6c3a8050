"""What is looked at beside the metric that decides: other columns, and segments of people."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import streamlit as st

from crm_metrics.experiments.success import is_against
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.address import keep, kept, widget_key
from crm_metrics.ui.experiments.reading import Watched

_GUARDS = ("unsubscribed", "complained")
_SHARES = ("delivered", "opened", "clicked", "converted", "attended", "is_answered")
_AMOUNTS = ("revenue", "margin")
RESULTS = (*_GUARDS, *_SHARES, *_AMOUNTS)
_MOST = 6
_MOST_SEGMENTS = 3
# What people are before any message: another mix of them in a version would pass for its effect.
_TRAITS = ("country", "region", "city", "segment", "language", "platform", "lifecycle_stage")


def watched(
    dataset: Dataset, unnamed: Sequence[str], taken: Sequence[str], language: str
) -> tuple[Watched, ...]:
    """Ask which columns to watch; those that must not get worse are chosen already.

    `unnamed` are the headers of answers that no field stands for, `taken` those that the test
    uses itself.
    """
    fields = {key: item.column for key, item in dataset.mapping.fields.items()}
    headers = dataset.table.headers
    known = {
        headers[fields[key]]: key
        for key in RESULTS
        if key in fields and headers[fields[key]] not in taken
    }
    known |= {header: "" for header in unnamed if header not in taken}
    if not known:
        return ()
    guards = [
        header
        for header, key in known.items()
        if key in _GUARDS or (not key and is_against(header))
    ]
    picked = _several("watch", dataset, list(known), guards, most=_MOST, language=language)
    return tuple(
        Watched(
            header,
            amount=known[header] in _AMOUNTS,
            role="guardrail" if header in guards else "secondary",
        )
        for header in picked
    )


def segments(dataset: Dataset, options: Sequence[str], language: str) -> tuple[str, ...]:
    """Ask by which columns to hold the effect apart; the people's known traits at first."""
    if not options:
        return ()
    fields, headers = dataset.mapping.fields, dataset.table.headers
    traits = [headers[fields[key].column] for key in _TRAITS if key in fields]
    start = [header for header in traits if header in options]
    asked = _several("apart", dataset, list(options), start, most=_MOST_SEGMENTS, language=language)
    return tuple(asked)


def _several(
    name: str,
    dataset: Dataset,
    options: list[str],
    default: list[str],
    *,
    most: int,
    language: str,
) -> list[str]:
    """Ask for several columns; what was picked of one table says nothing of another's.

    A widget whose options have changed drops what is none of them: it begins anew instead.
    """
    default = default[:most]
    table, offered = dataset.id[:6], crc32("\n".join(options).encode())
    told = kept(name)
    start = [option for option in told[1:] if option in options][:most]
    picked = st.multiselect(
        t(f"experiments.{name}", language),
        options,
        default=start if told[:1] == [table] else default,
        max_selections=most,
        key=f"{widget_key(name, language)}_{table}_{offered}",
        placeholder=t(f"experiments.{name}_none", language),
        help=t(f"experiments.{name}_help", language),
        width=380,
    )
    keep(name, [] if picked == default else [table, *picked])
    return picked
