"""Small parts that several pages draw: the empty state, a card of a metric, a table's download."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.samples import load_samples
from crm_metrics.ui.shell import open_page

if TYPE_CHECKING:
    from crm_metrics.findings.sheet import Cell

DATE_FORMAT = {"ru": "DD.MM.YYYY", "en": "YYYY-MM-DD"}
"""How an input of a day shows it."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""What a browser is told of a workbook."""


def empty_state(language: str, question_key: str, needs: Sequence[str]) -> None:
    """What a page answers, which columns it needs (keys of texts), and two ways to begin."""
    with st.container(border=True, key=f"empty_{question_key.replace('.', '_')}"):
        st.markdown(f"**{t(question_key, language)}**")
        if needs:
            items = "\n".join(f"- {t(key, language)}" for key in needs)
            st.markdown(f"{t('empty.needs', language)}\n\n{items}")
        start_buttons(language)


def start_buttons(language: str) -> None:
    """Two ways to begin: to the upload page, or with the sample data at once."""
    with st.container(horizontal=True):
        if st.button(
            t("empty.upload", language), icon=":material/upload_file:", key="empty_upload"
        ):
            open_page("upload")
        if st.button(
            main_label(t("empty.sample", language), ":material/play_arrow:"),
            type="primary",
            key="empty_sample",
        ):
            load_samples()
            st.rerun()


def main_label(label: str, icon: str = "", *, plain: bool = False) -> str:
    """The label of a page's main button, with its icon; `plain` where it is not, or is disabled.

    Streamlit writes white on the accent and the accent on a dark ground, and no colour is legible
    both ways: the theme's `violetTextColor` is what is legible on its accent.
    """
    words = f"{icon} {label}".strip()
    return words if plain else f":violet[{words}]"


def labelled(*told: tuple[str, str], language: str) -> None:
    """Short facts beside each other: keys of texts, and words ready to show and escaped."""
    with st.grid(4, min_column_width=140):
        for key, words in told:
            with st.container(gap=None):
                st.caption(t(key, language))
                st.markdown(words)


def download_table(
    columns: Sequence[str],
    rows: Callable[[], Iterable[Sequence[Cell]]],
    language: str,
    *,
    name: str,
    key: str,
    label: str | None = None,
) -> None:
    """A button for a table as CSV; the rows are asked for only when it is pressed."""

    def built() -> bytes:
        # Findings bring the libraries of workbooks and charts, a second of a page's first draw.
        from crm_metrics.findings.csv_file import table_csv  # noqa: PLC0415

        return table_csv(columns, rows(), language)

    st.download_button(
        label or t("widgets.download", language),
        data=built,
        file_name=f"{name}.csv",
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )
