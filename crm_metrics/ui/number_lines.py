"""The rows behind a number: those that do not count and why, and the lines of the files that do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.findings.wording import sum_text
from crm_metrics.metrics.lineage import Lineage, in_files, lineage
from crm_metrics.metrics.model import Filters, Limits, Value
from crm_metrics.store import Dataset, Engine, Engines
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import engine, workspace

SHOWN: Final = 20
READY: Final = 1_000
"""Lines whose file is made with the dialog, not when its button is pressed."""
MOST: Final = 10_000
"""Lines in the file to download."""


@dataclass(frozen=True, slots=True)
class Rows:
    """How the rows of a number, or of one component of it, are found, and how they are named.

    `find` asks an engine for so many of the heaviest; `notes` say how lines and sums hang together;
    `title` says what the lines add, where they are of one component.
    """

    find: Callable[[Engine | Engines, int], Lineage]
    notes: Callable[[Lineage], str]
    name: str
    key: str = "lines"
    title: str = ""


def rows_behind(value: Value, filters: Filters, limits: Limits, language: str) -> None:
    """Draw what is left out, and the heaviest lines with a button that downloads more of them."""
    # Findings bring the libraries of workbooks and charts, a second of a page's first draw.
    from crm_metrics.findings.lineage import sums_text  # noqa: PLC0415

    lines_behind(
        Rows(
            find=lambda own, first: lineage(
                own, value, filters=filters, limits=limits, first=first
            ),
            notes=lambda found: sums_text(found, value, language),
            name=f"{value.metric}_lines.csv",
        ),
        language,
    )


def lines_behind(rows: Rows, language: str) -> None:
    """The same of whatever finds the rows."""
    from crm_metrics.findings.lineage import left_out_texts  # noqa: PLC0415

    known = rows.find(engine(), READY)
    found = replace(known, lines=known.lines[:SHOWN])
    out = left_out_texts(found, language)
    if out and not rows.title:
        st.markdown(f"**{t('lineage.rows_out', language)}**")
        st.markdown("\n".join(f"- {esc(one)}" for one in out))
    st.markdown(f"**{esc(rows.title or t('lineage.lines_title', language), limit=200)}**")
    if out and rows.title:
        st.caption(esc(" ".join(out), limit=600))
    if not found.lines:
        st.caption(t("lineage.of_elsewhere" if found.elsewhere else "lineage.none", language))
        return
    _table(found, rows.key, language)
    st.caption(" ".join(filter(None, _notes(found, rows, language))))
    later = _all_lines(rows, language)
    st.download_button(
        t("lineage.download", language),
        # While a file is being made its button takes no keys, and the dialog loses the keyboard.
        data=_file(known, workspace().datasets(), language) if found.total <= READY else later,
        file_name=rows.name,
        mime="text/csv",
        key=f"{rows.key}_download",
        icon=":material/download:",
        on_click="ignore",
    )


def _table(found: Lineage, key: str, language: str) -> None:
    from crm_metrics.findings.lineage import lines_table  # noqa: PLC0415

    titles, rows = lines_table(in_files(found.lines, workspace().datasets()), language)
    frame = pd.DataFrame(rows, columns=titles)
    numbers = [title for title in titles if pd.api.types.is_numeric_dtype(frame[title])]
    for title in numbers:
        # As text: a number would be written in the browser's language, not in the app's.
        frame[title] = [sum_text(one, language) for one in frame[title]]
    right = {title: st.column_config.TextColumn(alignment="right") for title in numbers}
    st.dataframe(
        frame,
        hide_index=True,
        height="content" if len(rows) < SHOWN // 2 else 385,
        column_config=right,
        alt=t("lineage.lines_alt", language),
        key=f"{key}_behind",
    )


def _notes(found: Lineage, rows: Rows, language: str) -> Iterator[str]:
    yield t("lineage.shown", language, shown=len(found.lines), count=found.total)
    yield rows.notes(found)
    if any(one.of_events for one in found.lines):
        yield t("lineage.of_events", language)
    if found.elsewhere:
        yield t("lineage.of_elsewhere", language)
    if found.total > MOST:
        yield t("lineage.capped", language, count=MOST)


def _all_lines(rows: Rows, language: str) -> Callable[[], bytes]:
    """All lines as a file; they are asked for when the button is pressed, by another thread."""
    known, datasets = engine(), workspace().datasets()

    def built() -> bytes:
        with known.again() as own:
            whole = rows.find(own, MOST)
        return _file(whole, datasets, language)

    return built


def _file(found: Lineage, datasets: Sequence[Dataset], language: str) -> bytes:
    from crm_metrics.findings.csv_file import table_csv  # noqa: PLC0415
    from crm_metrics.findings.lineage import lines_table  # noqa: PLC0415

    titles, rows = lines_table(in_files(found.lines, datasets), language)
    return table_csv(titles, rows, language)
