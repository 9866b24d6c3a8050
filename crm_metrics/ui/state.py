"""Where a session's data are: its workspace, and the engine over what the workspace holds."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Final

import streamlit as st

from crm_metrics.store import Engine, Engines, Workspace, default_folder

MODE: Final = "CRM_METRICS_MODE"


def shared_mode() -> bool:
    """Whether this is a team's server, where every session keeps its data to itself."""
    return os.environ.get(MODE, "").strip().lower() == "shared"


def workspace() -> Workspace:
    """The session's workspace.

    On one's own machine it is the data folder and survives F5 and restarts; in shared mode it is
    a folder of this session, removed when the session ends.
    """
    if shared_mode():
        return _session_workspace()
    return _local_workspace(str(default_folder()))


def engine() -> Engine | Engines:
    """The engine over the workspace's facts, kept until the data change."""
    space = workspace()
    return _engine(str(space.folder), space.version, space)


@st.cache_resource(show_spinner=False, max_entries=4)
def _local_workspace(folder: str) -> Workspace:
    return Workspace(Path(folder))


def _session_workspace() -> Workspace:
    if "_workspace" not in st.session_state:
        folder = tempfile.mkdtemp(prefix="crm_metrics_")
        space = Workspace(Path(folder))
        # Tied to the object, not to a session-scoped cache: those are emptied already when the
        # connection drops for a moment.
        weakref.finalize(space, shutil.rmtree, folder, ignore_errors=True)
        st.session_state["_workspace"] = space
    return st.session_state["_workspace"]


def _close(opened: Engine | Engines) -> None:
    opened.close()


@st.cache_resource(show_spinner=False, scope="session", max_entries=1, on_release=_close)
def _engine(folder: str, version: str, _space: Workspace) -> Engine | Engines:  # noqa: ARG001 - they are the key
    return _space.engine()
