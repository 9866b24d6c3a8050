"""How reading ended where it is not a card: refused, locked, cancelled, there already."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from crm_metrics.texts import t
from crm_metrics.ui.adding import reading_room
from crm_metrics.ui.escape import esc
from crm_metrics.ui.jobs import UNEXPECTED, Item
from crm_metrics.ui.shell import error_text
from crm_metrics.ui.upload.password import ask_password
from crm_metrics.ui.upload.reading import names_text


def outcomes(language: str) -> None:
    """A sentence for every file of the last round that did not become a card of its own."""
    items = reading_room().items()
    for item in items:
        if item.stage == "locked":
            ask_password(item, language)
    shown = [
        *(item for item in items if _refused(item, language)),
        *_cancelled(items, language),
        *(item for item in items if _same(item, language)),
    ]
    if shown:
        st.button(
            t("reading.hide", language),
            key="hide_outcomes",
            type="tertiary",
            on_click=reading_room().dismiss,
            args=([item.id for item in shown],),
        )


def _refused(item: Item, language: str) -> bool:
    if item.stage != "refused" or item.error is None:
        return False
    sentence = None if item.error.code == UNEXPECTED else error_text(item.error, language)
    if sentence is None:
        number = item.error.params.get("number", item.error.code)
        sentence = t("upload.unexpected", language, number=esc(number))
    # Most sentences begin with the file; said twice, the name would hide the reason.
    name = esc(item.task.name)
    named = sentence if name in sentence else f"**{name}** — {sentence}"
    st.error(named, icon=":material/error:")
    return True


def _cancelled(items: Sequence[Item], language: str) -> list[Item]:
    stopped = [item for item in items if item.stage == "cancelled"]
    if stopped:
        names = names_text([item.task.name for item in stopped], language)
        words = [t("reading.cancelled", language, names=names)]
        kept = [item.task.name for item in items if item.stage in {"added", "same"}]
        if kept:
            words.append(t("reading.kept", language, names=names_text(kept, language)))
        st.info(" ".join(words), icon=":material/cancel:")
    return stopped


def _same(item: Item, language: str) -> bool:
    # The sample's files are asked for anew by its button; that they are here is no news.
    if item.stage != "same" or not item.task.spooled:
        return False
    name, other = esc(item.task.name, limit=80), esc(item.known_as, limit=80)
    key = "reading.same" if item.known_as == item.task.name else "reading.same_as"
    st.info(t(key, language, name=name, other=other), icon=":material/content_copy:")
    return True
