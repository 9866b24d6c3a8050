"""What the words in a column's cells mean: each with its count and a choice, unknown ones first."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.facts import mask
from crm_metrics.facts.columns import NO_VALUE
from crm_metrics.store import Dataset
from crm_metrics.texts import has, integer_text, t
from crm_metrics.ui import draft
from crm_metrics.ui.columns.column_edits import with_meanings
from crm_metrics.ui.columns.valued_columns import Valued, valued_columns
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.words import field_word

_HEIGHT: Final = 400


def value_meanings(dataset: Dataset, language: str) -> None:
    """For each column whose words have a meaning: what they mean; open where some have none."""
    found = valued_columns(dataset)
    if not found:
        return
    st.header(t("columns.values", language), anchor=False)
    for column in found:
        _column(dataset, column, language)


def _column(dataset: Dataset, column: Valued, language: str) -> None:
    item, unknown = column.item, column.unknown
    if unknown:
        state = t("columns.values_unknown", language, count=len(unknown))
    else:
        state = t("columns.values_known", language, count=len(column.counts.counts))
    field = esc(field_word(item.field, language))
    # Drawn while folded too: an expander that tells when it opens is another one, without the
    # focus, as soon as its title changes.
    with st.expander(
        t("columns.values_of", language, field=field, name=esc(item.name, limit=60), state=state),
        expanded=column.asks,
        icon=":material/help:" if unknown else ":material/check:",
        key=f"values_box_{dataset.id}_{item.column}",
    ):
        _editor(dataset, column, language)


def _editor(dataset: Dataset, column: Valued, language: str) -> None:
    item, words = column.item, column.rows
    field = str(item.field)
    meanings = dict.fromkeys((*column.offered, *column.settled.values()))
    labels = {one: meaning_word(field, one, language) for one in meanings if one not in NO_VALUE}
    labels["null"] = t("columns.no_value", language)
    none = t("columns.no_meaning", language)
    word, count, meaning = (
        t(f"columns.value_{part}", language) for part in ("word", "count", "meaning")
    )

    def label(text: str) -> str:
        known = column.meaning(text)
        return none if known is None else labels.get(known, labels["null"])

    key = f"values_{dataset.id}_{item.column}_{field}_{draft.turn(dataset.id)}_{language}"
    frame = pd.DataFrame(
        {
            word: [mask(column.counts.spelled[text], field) for text in words],
            count: [column.counts.counts[text] for text in words],
            meaning: _begun(key, [label(text) for text in words]),
        }
    )
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        disabled=[word, count],
        height=min(_HEIGHT, 38 + 35 * max(len(words), 1)),
        column_config={
            word: st.column_config.TextColumn(width=110),
            count: st.column_config.NumberColumn(width=60, format="localized"),
            meaning: st.column_config.SelectboxColumn(
                width=130, options=[none, *labels.values()], required=True
            ),
        },
        on_change=_edited,
        args=(dataset.id, column, key, meaning, {text: one for one, text in labels.items()}),
        alt=t("columns.values_alt", language, name=esc(item.name, limit=60)),
    )
    st.caption(t("columns.values_help", language))
    if column.counts.others:
        cells = integer_text(column.counts.other_cells, language)
        st.caption(t("columns.values_others", language, count=column.counts.others, cells=cells))


def _begun(key: str, labels: list[str]) -> list[str]:
    """The meanings that the table under this key began with.

    The browser lays the edits over them; where they change, it draws the table anew and the focus
    is lost.
    """
    if key not in st.session_state:
        st.session_state[f"_begun_{key}"] = labels
    return st.session_state[f"_begun_{key}"]


@boundary()
def _edited(
    dataset_id: str, column: Valued, key: str, meaning: str, by_label: dict[str, str]
) -> None:
    """Callback: the words of the edited rows mean what was chosen there."""
    words = column.rows
    chosen: dict[str, str | None] = {
        words[int(row)]: by_label.get(cells[meaning])
        for row, cells in st.session_state[key]["edited_rows"].items()
        if meaning in cells
    }
    first = column.item.field == "stage" and not column.settled
    if first:
        # With a stage that ends a deal, the others are those of deals still open.
        chosen = {**dict.fromkeys(words, "open"), **chosen}
    edited = with_meanings(draft.current(dataset_id), column.item.column, chosen)
    draft.store(dataset_id, edited, whole=first)


def meaning_word(field: str, meaning: str, language: str) -> str:
    """A canonical word as a person reads it."""
    for key in (f"columns.{field}.{meaning}", f"{field}.{meaning}", f"columns.word.{meaning}"):
        if has(key, language):
            return t(key, language)
    return meaning
