"""What is being read, how far it is, and the way to stop it; pages go on living meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from crm_metrics.store import READ
from crm_metrics.texts import decimal_text, integer_text, t
from crm_metrics.ui.adding import reading_room
from crm_metrics.ui.escape import esc
from crm_metrics.ui.glimpse import Glimpse
from crm_metrics.ui.jobs import Item
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.widgets import labelled
from crm_metrics.ui.words import grain_word, source_words

_TICK: Final = 0.5  # seconds between two looks at the reading room
_MEGABYTE: Final = 1024 * 1024
_MOST_NAMES: Final = 5


def reading_status(language: str) -> None:
    """What the reading room does, in full, with Cancel; nothing where it rests."""
    _watch(_status, language)


def reading_line(language: str) -> None:
    """One quiet line for the pages that are not about files."""
    _watch(_line, language)


def names_text(names: Sequence[str], language: str) -> str:
    """A few names of files, and how many more there are; safe as markdown."""
    shown = ", ".join(esc(name, limit=80) for name in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return t("reading.more", language, names=shown, count=more) if more > 0 else shown


def _watch(draw: Callable[[Sequence[Item], str], None], language: str) -> None:
    """Draw by the tick while a file is being read, and the whole page once when it is done.

    A fragment, because a script that loops is stopped by any click, and greys the page.
    """
    room = reading_room()

    def tick() -> None:
        if not room.busy:
            st.rerun()
        draw(room.items(), language)

    if room.busy:
        st.fragment(boundary()(tick), run_every=_TICK)()


def _status(items: Sequence[Item], language: str) -> None:
    room = reading_room()
    with st.container(border=True, key="reading"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_headline(items, language)}**", width="content")
            st.space("stretch")
            stopping = room.cancelling
            st.button(
                t("reading.cancelling" if stopping else "reading.cancel", language),
                icon=":material/close:",
                key="cancel_reading",
                disabled=stopping,
                on_click=room.cancel,
            )
        current = _current(items)
        if current is not None:
            st.progress(current.part, _how_far(current, language))
            for seen in current.glimpses:
                _glimpse(seen, language)
        for key, stages in (("done", {"added", "same"}), ("next", {"waiting"})):
            names = [item.task.name for item in items if item.stage in stages]
            if names:
                st.caption(t(f"reading.{key}", language, names=names_text(names, language)))


def _glimpse(seen: Glimpse, language: str) -> None:
    """What the file seems to be so far."""
    grain = seen.mapping.grain
    labelled(
        ("upload.source", source_words(seen.mapping, language)),
        ("upload.grain", grain_word(grain, language) if grain else t("upload.no_grain", language)),
        ("upload.columns_count", integer_text(seen.columns, language)),
        language=language,
    )
    shown = t("upload.preview", language, count=len(seen.rows))
    st.caption(shown)
    st.dataframe(seen.rows.rename_axis(t("upload.line", language)), hide_index=False, alt=shown)


def _line(items: Sequence[Item], language: str) -> None:
    current = _current(items)
    if current is None:
        return
    name = esc(current.task.name, limit=80)
    words = t("upload.reading_file", language, name=name)
    if len(items) > 1:
        words += f" · {_headline(items, language)}"
    st.caption(f":material/hourglass_top: {words}")


def _headline(items: Sequence[Item], language: str) -> str:
    if len(items) == 1:
        return t("upload.reading", language, count=1)
    place = sum(not item.unfinished for item in items) + 1
    return t("reading.file_of", language, place=min(place, len(items)), all=len(items))


def _current(items: Sequence[Item]) -> Item | None:
    at_work = [item for item in items if item.unfinished and item.stage != "waiting"]
    waiting = [item for item in items if item.stage == "waiting"]
    return next(iter([*at_work, *waiting]), None)


def _how_far(item: Item, language: str) -> str:
    name = esc(item.task.name, limit=80)
    if item.stage == "storing":
        return t("reading.storing", language, name=name)
    size = item.size / _MEGABYTE
    if size < 1:
        return t("upload.reading_file", language, name=name)
    if not item.part:
        return t("reading.begun", language, name=name, size=_megabytes(size, language))
    return t(
        "reading.part",
        language,
        name=name,
        done=_megabytes(size * min(item.part / READ, 1.0), language),
        size=_megabytes(size, language),
    )


def _megabytes(size: float, language: str) -> str:
    return decimal_text(size, language, digits=1 if size < 10 else 0)
