"""From a dropped file to a data set: spooled to disk, freed from memory, read with its progress.

A file that can't be used is remembered with its reason; the others are not touched by it.
"""

from __future__ import annotations

import gc
import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crm_metrics.errors import CrmMetricsError
from crm_metrics.store import spool
from crm_metrics.texts import t
from crm_metrics.ui.error_log import logged
from crm_metrics.ui.escape import esc
from crm_metrics.ui.state import workspace

_log = logging.getLogger(__name__)
UNEXPECTED: Final = "unexpected"

Progress = Callable[[float], object]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be added, and the error that says why."""

    name: str
    error: CrmMetricsError


def refused() -> list[Refused]:
    """The files of the last round that could not be added."""
    return st.session_state.get("_refused", [])


def add_files(files: Sequence[Path], language: str) -> None:
    """Add files on disk to the workspace, one by one."""

    def add(path: Path, progress: Progress) -> None:
        workspace().add(path, path.name, progress=progress)

    _take_in([(path.name, path) for path in files], language, add)


def add_uploads(uploads: Sequence[UploadedFile], language: str) -> None:
    """Add dropped files to the workspace, one by one; none stays in memory."""

    def add(upload: UploadedFile, progress: Progress) -> None:
        with tempfile.TemporaryDirectory(prefix="crm_metrics_") as folder:
            path = spooled(upload, Path(folder))
            workspace().add(path, upload.name, progress=progress)

    _take_in([(upload.name, upload) for upload in uploads], language, add)


def replace_by_upload(dataset_id: str, upload: UploadedFile, language: str) -> None:
    """Put a dropped file in the place of a data set; on an error the data set stays."""

    def put(upload: UploadedFile, _progress: Progress) -> None:
        with tempfile.TemporaryDirectory(prefix="crm_metrics_") as folder:
            workspace().replace(dataset_id, spooled(upload, Path(folder)), upload.name)

    _take_in([(upload.name, upload)], language, put)


def spooled(upload: UploadedFile, folder: Path) -> Path:
    """The upload as a file in `folder`; its bytes no longer live in memory, even on an error."""
    try:
        return spool(upload, upload.name, folder)
    finally:
        free_upload(upload)


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
    items: Sequence[tuple[str, _Item]], language: str, add: Callable[[_Item, Progress], None]
) -> None:
    problems: list[Refused] = []
    with st.status(t("upload.reading", language, count=len(items)), expanded=True) as status:
        bar = st.progress(0.0)
        for place, (name, item) in enumerate(items):
            shown = t("upload.reading_file", language, name=esc(name, limit=80))

            def progress(part: float, place: int = place, shown: str = shown) -> None:
                bar.progress(min((place + part) / len(items), 1.0), shown)

            progress(0.0)
            try:
                add(item, progress)
            except CrmMetricsError as error:
                problems.append(Refused(name, error))
            except Exception as error:  # noqa: BLE001 - the other files must still be read
                problems.append(Refused(name, CrmMetricsError(UNEXPECTED, number=logged(error))))
        status.update(label=t("upload.read", language), state="complete", expanded=False)
    st.session_state["_refused"] = problems
    gc.collect()
