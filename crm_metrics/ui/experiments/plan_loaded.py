"""The plan's file that a test is held to, kept with the workspace: F5 does not lose it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from crm_metrics.experiments import read_plan
from crm_metrics.experiments.plan_file import TrialPlan
from crm_metrics.store.whole import whole
from crm_metrics.texts import date_text, t
from crm_metrics.ui.experiments.numbers import of_table
from crm_metrics.ui.state import workspace

_FOLDER = "test_plans"
_TYPED = "typed"


def plan_loaded(language: str, *, table: str = "") -> TrialPlan | None:
    """Ask for a plan's file; the one kept for the tests of this `table`, until it is taken away.

    Raises as `read_plan` does; a file that is no plan takes no other's place.
    """
    path = workspace().folder / _FOLDER / f"{table or _TYPED}.json"
    uploaded = st.file_uploader(
        t("experiments.plan_upload", language),
        type=["json"],
        key=of_table("plan_upload", table),
        max_upload_size=1,
        help=t("experiments.plan_upload_help", language),
    )
    if uploaded is not None:
        return _kept(path, uploaded.getvalue())
    if not path.is_file():
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        held = st.empty()
        # Drawn before the plan is read: one that is damaged has to be taken away as well.
        st.button(
            t("experiments.plan_forget", language),
            key="plan_forget",
            icon=":material/close:",
            on_click=path.unlink,
            kwargs={"missing_ok": True},
        )
    plan = read_plan(path.read_bytes())
    made = "—" if plan.made is None else date_text(plan.made, language)
    held.caption(t("experiments.plan_held", language, made=made), width="content")
    return plan


def _kept(path: Path, content: bytes) -> TrialPlan:
    """The plan of a file, put in the place of the one before."""
    plan = read_plan(content)
    if not path.is_file() or path.read_bytes() != content:
        with whole(path) as part:
            part.write_bytes(content)
    return plan
