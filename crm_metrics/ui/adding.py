"""From a dropped file to the reading room: spooled to disk, and freed from memory at once."""

from __future__ import annotations

import errno
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crm_metrics.errors import CrmMetricsError, LimitError
from crm_metrics.intake.decisions import Decisions
from crm_metrics.store import Dataset, default_folder, spool
from crm_metrics.ui.error_log import logged
from crm_metrics.ui.glimpse import LARGE
from crm_metrics.ui.jobs import UNEXPECTED, ReadingRoom, Task
from crm_metrics.ui.state import shared_mode, workspace

_log = logging.getLogger(__name__)
PATIENCE: Final = 1.0
"""Seconds that a page waits for files to be read before it says that they are being read."""


def reading_room() -> ReadingRoom:
    """The room of the session's workspace; on one's own machine it outlives F5, as the data do."""
    if not shared_mode():
        return _local_room(str(default_folder()))
    if "_reading_room" not in st.session_state:
        st.session_state["_reading_room"] = ReadingRoom(workspace().folder)
    return st.session_state["_reading_room"]


def add_files(files: Sequence[Path]) -> None:
    """Begin to read files on disk, which stay where they are."""
    reading_room().submit(workspace(), [Task(path.name, path) for path in files])
    reading_room().wait(PATIENCE)


def add_uploads(uploads: Sequence[UploadedFile], *, replaces: str | None = None) -> None:
    """Begin to read dropped files; none stays in memory.

    With `replaces`, the id of a data set, they take its place; on an error it stays.
    """
    room = reading_room()
    tasks: list[Task] = []
    problems: list[tuple[str, CrmMetricsError]] = []
    for upload in uploads:
        try:
            path = spooled(upload, room.place())
        except CrmMetricsError as error:
            problems.append((upload.name, error))
        except OSError as error:
            problems.append((upload.name, _of_the_disk(error, room.folder)))
        else:
            tasks.append(Task(upload.name, path, spooled=True, replaces=replaces))
    large = any(task.path.stat().st_size >= LARGE for task in tasks)
    room.submit(workspace(), tasks)
    for name, problem in problems:
        room.refuse(name, problem)
    # Of a large file it is shown what it seems to be, rather sooner than later.
    if not large:
        room.wait(PATIENCE)


def answer(item_id: int, password: str) -> None:
    """Begin to read a locked file again with a password."""
    reading_room().answer(workspace(), item_id, password)
    reading_room().wait(PATIENCE)


def read_again(dataset: Dataset, decisions: Decisions) -> None:
    """Begin to read the file of a data set again under these decisions."""
    task = Task(dataset.table.file_name, Path(), replaces=dataset.id, decisions=decisions)
    reading_room().submit(workspace(), [task])
    reading_room().wait(PATIENCE)


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


def _of_the_disk(error: OSError, folder: Path) -> CrmMetricsError:
    if error.errno == errno.ENOSPC:
        return LimitError("disk_full", folder=str(folder))
    return CrmMetricsError(UNEXPECTED, number=logged(error))


@st.cache_resource(show_spinner=False, max_entries=4)
def _local_room(folder: str) -> ReadingRoom:
    return ReadingRoom(Path(folder))
