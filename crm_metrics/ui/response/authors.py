"""Who of the authors of chats is ours: asked in one place, kept with the data."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.metrics.chat_authors import Author, chat_authors, group_chats, likely_ours
from crm_metrics.store import Authors
from crm_metrics.texts import integer_text, t
from crm_metrics.ui import cached
from crm_metrics.ui.escape import esc
from crm_metrics.ui.metrics.data import Seen
from crm_metrics.ui.state import workspace
from crm_metrics.ui.widgets import main_label

_NAMED = 3
_ROWS = 9  # shown before the table scrolls


def asks_authors() -> bool:
    """Whether there are chats of which nobody has told yet who is ours."""
    return not workspace().together.choices.authors.ours and bool(_authors())


def authors_section(_: Seen | None, language: str) -> None:
    """Draw the authors with their counts, and ask which are ours and which are bots."""
    authors = _authors()
    st.subheader(t("response.authors_title", language))
    if not authors:
        st.caption(t("response.authors_none", language))
        return
    chosen = workspace().together.choices.authors
    st.caption(t("response.authors_lead" if chosen.ours else "response.authors_ask", language))
    names = [one.name for one in authors]
    guess = likely_ours(authors)
    with st.form("chat_authors", border=True):
        ours = _names("ours", authors, chosen.ours or guess, language)
        if guess and not chosen.ours:
            st.caption(t("response.authors_guess", language))
        bots = _names("bots", authors, chosen.bots, language)
        save = st.form_submit_button(
            main_label(t("response.authors_save", language)), type="primary"
        )
    if save:
        if ours:
            kept = tuple(one for one in bots if one not in ours)
            workspace().together.set_authors(Authors(tuple(ours), kept))
            st.rerun()
        st.warning(t("response.authors_nobody", language))
    sides = dict.fromkeys(names, "client")
    sides |= dict.fromkeys(_same(chosen.bots, names), "bot")
    sides |= dict.fromkeys(_same(chosen.ours, names), "ours")
    _table(authors, sides if chosen.ours else {}, language)
    if chosen.ours and st.button(t("response.authors_forget", language), key="authors_forget"):
        workspace().together.set_authors(Authors())
        st.rerun()


def group_chats_said(language: str) -> None:
    """Say which chats are groups: all who write there are taken for one client."""
    if groups := cached.asked(group_chats):
        named = {item.id: item.table.file_name for item in workspace().datasets()}
        names = list(dict.fromkeys(named.get(one, one) for one in groups))
        shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        st.info(
            esc(t("response.group_chats", language, count=len(groups), names=shown), limit=500),
            icon=":material/groups:",
        )


def _authors() -> tuple[Author, ...]:
    return cached.asked(chat_authors)


def _names(key: str, authors: Sequence[Author], chosen: Sequence[str], language: str) -> list[str]:
    """The names chosen among the authors, each with how many messages it wrote."""
    counts = {one.name: one.messages for one in authors}
    names = list(counts)
    return st.multiselect(
        t(f"response.authors_{key}", language),
        names,
        default=_same(chosen, names),
        format_func=lambda name: f"{name} · {integer_text(counts.get(name, 0), language)}",
        placeholder=t(f"response.authors_{key}_placeholder", language),
        key=f"authors_{key}_{language}",
    )


def _same(chosen: Sequence[str], names: Sequence[str]) -> list[str]:
    """The names that were chosen, whatever their case."""
    wanted = {name.strip().casefold() for name in chosen}
    return [name for name in names if name.strip().casefold() in wanted]


def _table(authors: Sequence[Author], sides: dict[str, str], language: str) -> None:
    titles = [t(f"response.authors_{name}", language) for name in ("name", "messages", "files")]
    rows: list[list[object]] = [[one.name, one.messages, one.files] for one in authors]
    if sides:
        titles.append(t("response.authors_who", language))
        for row, one in zip(rows, authors, strict=True):
            row.append(t(f"response.authors_is_{sides[one.name]}", language))
    first = authors[0]
    st.dataframe(
        pd.DataFrame(rows, columns=titles),
        hide_index=True,
        height="content" if len(rows) <= _ROWS else 35 * (_ROWS + 1),
        column_config={
            title: st.column_config.NumberColumn(format="localized") for title in titles[1:3]
        },
        alt=t(
            "response.authors_alt",
            language,
            count=len(authors),
            name=esc(first.name, limit=60),
            messages=integer_text(first.messages, language),
        ),
    )
