"""What stands around every page: language, navigation, the cold-start guard, the error boundary."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import StopException

from crm_metrics import texts
from crm_metrics.errors import CrmMetricsError
from crm_metrics.texts import LANGUAGES, has, language_of, t
from crm_metrics.ui.address import settle
from crm_metrics.ui.error_log import logged
from crm_metrics.ui.escape import esc

PAGES: Final = {
    "upload": ":material/upload_file:",
    "columns": ":material/view_column:",
    "channels": ":material/bar_chart:",
    "response": ":material/speed:",
    "customers": ":material/group:",
    "voice": ":material/record_voice_over:",
    "experiments": ":material/science:",
    "audit": ":material/rule:",
    "findings": ":material/description:",
}
ICON: Final = Path(__file__).with_name("icon.svg")
_COLLECT_EVERY: Final = 20.0
_SOON: Final = 1.0
_NEEDED_LATER: Final = ("altair", "pandas.io.formats.style", "scipy.special")
_SELDOM: Final = (50_000, 20, 50)
# Of this run of the script, not of the session: later runs can lack the shell too.
_inside: ContextVar[bool] = ContextVar("inside_the_shell", default=False)


@contextmanager
def shell() -> Iterator[None]:
    """What app.py runs a page in, so that the page's guard lets it pass."""
    _start_janitor()
    token = _inside.set(True)
    try:
        yield
        settle()
    except StopException:
        settle()
        raise
    finally:
        _inside.reset(token)


def require_shell() -> None:
    """The first line of every page: send a visitor who came in by a deep link through app.py.

    Until a process has called `st.navigation` once, Streamlit opens `pages/*.py` by itself,
    without the shell around it.
    """
    if not _inside.get():
        build_navigation(lang())
        st.rerun()


def lang() -> str:
    """The language of this session: the one chosen, or else the browser's."""
    chosen = st.session_state.get("lang")
    return chosen if chosen in LANGUAGES else language_of(st.context.locale)


def choose_language() -> str:
    """Draw the language switch, bound to the address, and give the language chosen."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**{t('app.name', lang())}**", width="content")
        # No format_func: the address holds the shown words, and ?lang=ru should be one of them.
        st.segmented_control(
            t("app.language", lang()),
            LANGUAGES,
            key="lang",
            default=language_of(st.context.locale),
            required=True,
            bind="query-params",
            label_visibility="collapsed",
        )
    return lang()


def build_navigation(language: str) -> Page:
    """The navigation over `pages/`, titles in `language`; gives the page to run."""
    pages = [
        st.Page(
            f"pages/{name}.py",
            title=t(f"nav.{name}", language),
            icon=icon,
            url_path="start" if name == "upload" else name,
            help=t(f"nav.{name}_help", language),
            default=name == "upload",
        )
        for name, icon in PAGES.items()
    ]
    # Streamlit answers for its default page at "/" alone; without this second entrance a bookmark
    # of /upload would meet a dialog that the page does not exist.
    bookmarked = st.Page(
        "pages/upload.py", title=t("nav.upload", language), url_path="upload", visibility="hidden"
    )
    return st.navigation([*pages, bookmarked], position="top")


def open_page(name: str) -> NoReturn:
    """Leave for another page of `PAGES`.

    The empty parameters are no idle word: by default `switch_page` clears the address, which
    Streamlit refuses while a widget (our language) is bound to it.
    """
    st.switch_page(f"pages/{name}.py", query_params={})


def error_text(error: CrmMetricsError, language: str) -> str | None:
    """The sentence of an error, safe as markdown; None where it has no words of its own."""
    if not has(f"error.{error.code}", language):
        return None
    return esc(texts.error_text(error, language), limit=600)


@contextmanager
def boundary() -> Iterator[None]:
    """Turn an error inside into a sentence, so that the rest of the page lives.

    Also a decorator for fragments and callbacks. Streamlit's own rerun and stop signals are not
    `Exception`s and pass through.
    """
    try:
        yield
    except CrmMetricsError as error:
        sentence = error_text(error, lang())
        if sentence:
            st.error(sentence, icon=":material/error:")
        else:
            _report(error)
    except Exception as error:  # noqa: BLE001 - the last line before the user's eyes
        _report(error)


def _report(error: Exception) -> None:
    st.error(
        t("boundary.sentence", lang(), number=logged(error)),
        title=t("boundary.title", lang()),
        icon=":material/error:",
    )


@cache
def _start_janitor() -> threading.Thread:
    """Collect garbage beside the reruns, since `runner.postScriptGC` is off for their speed.

    Making queries creates many objects that live on: by Python's own thresholds a tenth of that
    time goes into looking through them.
    """
    gc.set_threshold(*_SELDOM)
    thread = threading.Thread(target=_collect_forever, name="janitor", daemon=True)
    thread.start()
    return thread


def _collect_forever() -> None:
    # Meanwhile a person looks for a file: the first page with a chart need not wait for these.
    time.sleep(_SOON)
    for name in _NEEDED_LATER:
        import_module(name)
    while True:
        time.sleep(_COLLECT_EVERY)
        gc.collect()
