"""The dictionary of themes: read, changed on the page, taken away and brought back as a file."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd
import streamlit as st

from crm_metrics.metrics.themes import (
    Dictionary,
    Theme,
    built_in,
    read_themes,
    themes_of_file,
    write_themes,
)
from crm_metrics.metrics.themes.dictionary import own_key, themes_text
from crm_metrics.texts import t
from crm_metrics.ui.shell import boundary, lang
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label

_TURN: Final = "_themes_turn"
_WORDS = ("ru", "en", "but")


def dictionary_editor(dictionary: Dictionary, language: str) -> None:
    """Draw the editor, folded: a theme a line, saved with the data; a file to send and to load."""
    folded = st.expander(
        t("themes.dictionary", language),
        icon=":material/menu_book:",
        on_change="rerun",
        key="themes_dictionary",
    )
    if not folded.open:
        return
    turn = st.session_state.get(_TURN, 0)
    with folded:
        st.caption(t("themes.dictionary_lead", language))
        with st.form("themes_form", border=False):
            edited = st.data_editor(
                _frame(dictionary, language),
                hide_index=True,
                num_rows="dynamic",
                column_config={
                    "key": None,
                    "name": st.column_config.TextColumn(t("themes.column.theme", language)),
                    **{
                        name: st.column_config.TextColumn(
                            t(f"themes.column.words_{name}", language), width="large"
                        )
                        for name in _WORDS
                    },
                },
                key=f"themes_edited_{turn}_{language}",
            )
            saved = st.form_submit_button(main_label(t("themes.save", language)), type="primary")
        if saved:
            with boundary():
                _keep(edited_themes(edited, dictionary, language))
                st.rerun()
        with st.container(horizontal=True):
            st.download_button(
                t("themes.dictionary_download", language),
                data=lambda: themes_text(read_themes(workspace().folder)).encode(),
                file_name="themes.toml",
                mime="application/toml",
                key="themes_file_out",
                icon=":material/download:",
                on_click="ignore",
            )
            if dictionary != built_in():
                st.button(
                    t("themes.forget", language),
                    key="themes_forget",
                    icon=":material/undo:",
                    on_click=boundary()(_keep),
                    args=(None,),
                )
        key = f"themes_file_{turn}"
        st.file_uploader(
            t("themes.dictionary_upload", language),
            type=["toml"],
            max_upload_size=1,
            key=key,
            on_change=boundary()(_load),
            args=(key,),
        )


def edited_themes(frame: pd.DataFrame, known: Dictionary, language: str) -> Dictionary:
    """The dictionary that the lines of the editor tell; words are parted by commas.

    Lines without a name and without words are left out. A theme keeps its name in the other
    language; a new one has the name in this one alone. Nothing is checked here.
    """
    by_key = {one.key: one for one in known}
    found = []
    for line in frame.to_dict("records"):
        name = _text(line.get("name"))
        words = {field: _parted(_text(line.get(field))) for field in _WORDS}
        if not name and not any(words.values()):
            continue
        before = by_key.get(_text(line.get("key")))
        names = {"ru": before.name_ru, "en": before.name_en} if before else {"ru": "", "en": ""}
        if before is None or name != before.name(language):
            names[language] = name
        key = before.key if before else own_key(name)
        found.append(Theme(key, names["ru"], names["en"], **words))
    return tuple(found)


def _frame(dictionary: Dictionary, language: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "key": one.key,
                "name": one.name(language),
                **{field: ", ".join(getattr(one, field)) for field in _WORDS},
            }
            for one in dictionary
        ],
        columns=["key", "name", *_WORDS],
    )


def _text(cell: object) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _parted(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for part in re.split(r"[,;\n]", text) if (one := part.strip())))


def _keep(dictionary: Dictionary | None) -> None:
    """Keep the themes, or with None those of the product; the editor begins anew with them."""
    write_themes(workspace().folder, dictionary)
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _load(key: str) -> None:
    """Take the themes of the file that was chosen, in place of those that are there."""
    file = st.session_state.get(key)
    if file is None:
        return
    _keep(themes_of_file(file.getvalue(), file=file.name))
    st.toast(t("themes.loaded", lang()), icon=":material/check:")
