"""Tables of the connected data base: taken on the upload page, named where their rows stay."""

from __future__ import annotations

import streamlit as st

from crm_metrics.store import Dataset, Warehouse, listed
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.shell import boundary
from crm_metrics.ui.state import workspace


def remote_tables(language: str) -> None:
    """A folded part with the tables that can be taken; nothing where no data base is connected."""
    warehouse = workspace().warehouse
    if warehouse is None:
        return
    name = esc(warehouse.name)
    part = st.expander(
        t("remote.title", language, backend=name),
        icon=":material/database:",
        on_change="rerun",
        key="remote_tables",
    )
    if part.open:
        with part, boundary():
            st.caption(t("remote.help", language, backend=name))
            _choose(warehouse, language)


def where_it_stays(dataset: Dataset, language: str) -> None:
    """A sentence over the columns of a table of which only the first rows are here."""
    if dataset.remote:
        words = {"table": esc(dataset.remote.table), "backend": esc(dataset.remote.backend)}
        st.caption(f":material/database: {t('remote.sample', language, **words)}")


def stays_badge(dataset: Dataset, language: str) -> None:
    """Where the rows stay, beside the name of a data set."""
    if dataset.remote:
        name = esc(dataset.remote.backend)
        st.badge(
            t("remote.stays", language, backend=name), color="blue", icon=":material/database:"
        )


def update_button(dataset: Dataset, language: str) -> None:
    """Count the table again as it is now; its mapping stays."""
    if dataset.remote and st.button(
        t("remote.update", language),
        icon=":material/sync:",
        key=f"update_{dataset.id}",
        help=t("remote.update_help", language, backend=esc(dataset.remote.backend)),
    ):
        _take(dataset.remote.table, dataset.remote.backend, language)


def _choose(warehouse: Warehouse, language: str) -> None:
    name = esc(warehouse.name)
    with st.spinner(t("remote.listing", language, backend=name)):
        tables = _listed(warehouse.name, warehouse)
    if not tables:
        st.info(t("remote.none", language, backend=name))
        return
    chosen = st.selectbox(
        t("remote.choose", language),
        tables,
        index=None,
        placeholder=t("remote.choose_hint", language),
        key="remote_table",
    )
    if st.button(
        t("remote.take", language),
        icon=":material/add:",
        disabled=chosen is None,
        key="remote_take",
    ):
        _take(str(chosen), warehouse.name, language)


def _take(table: str, backend: str, language: str) -> None:
    with st.spinner(t("remote.taking", language, backend=esc(backend), table=esc(table))):
        workspace().take(table)
    st.rerun()


@st.cache_data(show_spinner=False, ttl=60, max_entries=4)
def _listed(name: str, _warehouse: Warehouse) -> tuple[str, ...]:  # noqa: ARG001 - the key
    return listed(_warehouse)
