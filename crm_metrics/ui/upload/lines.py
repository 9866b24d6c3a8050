"""Where the lines of a table went: a sentence with its bar, and the lines set aside themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.intake import aside
from crm_metrics.intake.table import REASONS, Account, SetAside
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.upload.decisions import point_at
from crm_metrics.ui.widgets import download_table

_SEARCH_FROM: Final = 20
_TALLEST: Final = 380  # pixels: ten rows or so, more scroll


def account_bar(account: Account, language: str) -> None:
    """The account of lines: how many became records, how many were set aside and why."""
    parts = [
        t(f"upload.reason.{reason}", language, count=account.set_aside[reason])
        for reason in REASONS
        if account.set_aside.get(reason)
    ]
    records = t("upload.record_count", language, count=account.records)
    sentence = t("upload.lines", language, records=records, count=account.lines)
    if parts:
        sentence += f" {t('upload.set_aside', language, parts=', '.join(parts))}"
    if account.repaired:
        sentence += f" {t('upload.repaired', language, count=account.repaired)}"
    # The header is never a record: a file of header and records alone has a full bar.
    body = account.lines - account.set_aside.get("header", 0)
    st.progress(min(account.records / body, 1.0) if body > 0 else 0.0, sentence)


def lines_set_aside(dataset: Dataset, language: str) -> None:
    """The lines that are no records: number, reason, text; to search through and to take home."""
    account = dataset.table.account
    total = sum(account.set_aside.values())
    if not total:
        st.caption(t("upload.none_set_aside", language))
        return
    lines = account.examples
    if len(lines) < total:
        st.caption(t("upload.lines_shown", language, shown=len(lines), count=total))
    if len(lines) > _SEARCH_FROM:
        sought = st.text_input(
            t("upload.find_line", language),
            key=f"find_{dataset.id}",
            icon=":material/search:",
            width=320,
        )
        lines = _found(dataset, lines, sought or "", language)
    rows = pd.DataFrame(_rows(dataset, lines, language), columns=_columns(language))
    key = f"aside_{dataset.id}"

    def pick() -> None:
        for place in st.session_state[key].selection.rows:
            point_at(dataset.id, lines[place].line)

    st.dataframe(
        rows,
        hide_index=True,
        height="content" if len(lines) <= _SEARCH_FROM // 2 else _TALLEST,
        alt=t("upload.lines_set_aside", language),
        key=key,
        column_config={
            t("upload.line", language): st.column_config.NumberColumn(width="small"),
            t("upload.why", language): st.column_config.TextColumn(width="medium"),
            t("upload.text", language): st.column_config.TextColumn(width="large"),
        },
        selection_mode="single-row",
        on_select=pick,
    )
    download_table(
        _columns(language),
        lambda: _rows(dataset, aside.lines_set_aside(dataset.table), language),
        language,
        name=f"{Path(dataset.table.file_name).stem}_lines",
        key=f"lines_{dataset.id}",
        label=t("upload.download_lines", language),
    )


def _found(
    dataset: Dataset, lines: Sequence[SetAside], sought: str, language: str
) -> tuple[SetAside, ...]:
    words = sought.casefold().split()
    return tuple(
        item
        for item in lines
        if all(
            word in " ".join(map(str, _row(dataset, item, language))).casefold() for word in words
        )
    )


def _columns(language: str) -> list[str]:
    return [t(f"upload.{key}", language) for key in ("line", "why", "text")]


def _rows(dataset: Dataset, lines: Iterable[SetAside], language: str) -> list[tuple[int, str, str]]:
    return [_row(dataset, item, language) for item in lines]


def _row(dataset: Dataset, item: SetAside, language: str) -> tuple[int, str, str]:
    return (
        item.line,
        t(f"upload.reason_name.{item.reason}", language),
        dataset.masked_line(item.text, item.reason),
    )
