"""From a dropped file to a data set: spooled to disk, freed from memory, read with its progress.

A file that can't be used is remembered with its reason; the others are not touched by it.
"""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crm_metrics.errors import CrmMetricsError
from crm_metrics.store import spool
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be added, and the error that says why."""

    name: str
    error: CrmMetricsError


def refused() -> list[Refused]:
    """The files of the last round that could not be added."""
    return st.session_state.get("_refused", [])


def add_files(files: Sequence[tuple[Path, str]], language: str) -> None:
    """Add files, given as (path, shown name), to the workspace, one by one."""
    _take_in(files, language, lambda path, name: workspace().add(path, name))


def replace_file(dataset_id: str, path: Path, name: str, language: str) -> None:
    """Put another file in the place of a data set; on an error the data set stays."""
    _take_in(
        [(path, name)], language, lambda path, name: workspace().replace(dataset_id, path, name)
    )


def spooled(upload: UploadedFile) -> tuple[Path, str]:
    """The upload as a file on disk and its shown name; its bytes no longer live in memory."""
    path = spool(upload)
    free_upload(upload)
    return path, upload.name


def free_upload(upload: UploadedFile) -> None:
    """Give back the memory of an upload that is on disk by now.

    Streamlit keeps an upload until the session ends and has no public way to drop it; its own
    chat input frees its files by this very call. Were it gone, only memory would be lost.
    """
    context = get_script_run_ctx()
    manager = getattr(context, "uploaded_file_mgr", None)
    if context is None or not isinstance(manager, MemoryUploadedFileManager):
        _log.warning("uploads stay in memory: the manager of uploaded files has changed")
        return
    manager.remove_file(session_id=context.session_id, file_id=upload.file_id)


def _take_in(
    files: Sequence[tuple[Path, str]], language: str, add: Callable[[Path, str], object]
) -> None:
    problems: list[Refused] = []
    with st.status(t("upload.reading", language, count=len(files)), expanded=True) as status:
        bar = st.progress(0.0)
        for place, (path, name) in enumerate(files):
            bar.progress(place / len(files), t("upload.reading_file", language, name=esc(name)))
            try:
                add(path, name)
            except CrmMetricsError as error:
                problems.append(Refused(name, error))
            except Exception as error:  # noqa: BLE001 - the other files must still be read
                number = secrets.token_hex(4)
                _log.error("error %s", number, exc_info=error)
                problems.append(Refused(name, CrmMetricsError("unexpected", number=number)))
        status.update(label=t("upload.read", language), state="complete", expanded=False)
    st.session_state["_refused"] = problems
    gc.collect()
