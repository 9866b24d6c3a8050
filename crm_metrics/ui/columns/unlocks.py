"""What a mapping makes computable, and what one more column would add: from here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import streamlit as st

from crm_metrics.mapping.model import SURVEY, Mapping
from crm_metrics.mapping.recognition.exports import known_export
from crm_metrics.metrics import Metric, unlocks
from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui.columns.field_choice import search_words
from crm_metrics.ui.columns.seen import seen
from crm_metrics.ui.draft import changed, draft_of
from crm_metrics.ui.escape import esc
from crm_metrics.ui.words import field_word, quoted

_MOST: Final = 6
_NAMED: Final = 3
_PAGES: Final = {
    **dict.fromkeys(("conversations", "support_stats", "calls"), "response"),
    **dict.fromkeys(("orders", "deals", "activities"), "customers"),
    "surveys": "voice",
    "staff": "audit",
}
"""The page about rows of a grain, where that is not Channels."""


def unlocked(dataset: Dataset, language: str) -> None:
    """Two lists: metrics that the draft gives, and fields that would give more."""
    mapping = draft_of(dataset)
    if mapping.grain is None:
        return
    ready, added = unlocks(mapping.told, mapping.grain)
    if mapping.questions:
        # Said of each question in the list above, not by one more column.
        added = {field: metrics for field, metrics in added.items() if field not in SURVEY}
    now, more = st.columns(2, gap="medium")
    with now:
        st.header(t("columns.ready", language, count=len(ready)), anchor=False)
        if ready:
            st.markdown(_names(ready, language))
        else:
            st.caption(t("columns.none_ready", language))
        if dataset.facts and not changed(dataset):
            page = _PAGES.get(mapping.grain, "channels")
            st.page_link(
                f"pages/{page}.py",
                label=t("columns.see", language, page=t(f"nav.{page}", language)),
                icon=":material/arrow_forward:",
            )
    if not added:
        return
    with more:
        st.header(t("columns.more", language), anchor=False)
        told = set()
        for field, metrics in list(added.items())[:_MOST]:
            names = _names(metrics, language)
            word = field_word(field, language)
            with st.container(gap=None):
                st.markdown(t("columns.would_add", language, field=word, metrics=names))
                where = _where(dataset, mapping, field, language)
                if where not in told:
                    st.caption(where)
                told.add(where)
        _how(mapping, language)


def columns_for(dataset: Dataset, mapping: Mapping, field: str) -> tuple[list[str], bool]:
    """Names of columns without a field that may be this one, and whether their names say so.

    Else those whose values could be such.
    """
    found, grain = seen(dataset), str(mapping.grain)
    kind = kind_of(field, grain) if field in fields_of(grain) else None
    free = [item for item in mapping.columns if item.field is None]
    spoken = [
        item for item in free if any(guess.field == field for guess in found.guesses[item.column])
    ]
    if kind is None or kind in ("text", "id", "category"):
        return [item.name for item in spoken], True
    profiles = found.profiles
    # A column of dates is no count of messages, whatever it is called.
    by_name = [
        item.name
        for item in spoken
        if profiles[item.column].kind == "empty" or profiles[item.column].fits(field, kind)
    ]
    if by_name:
        return by_name, True
    fitting = [
        item.name
        for item in free
        if profiles[item.column].kind not in ("empty", "text")
        and profiles[item.column].fits(field, kind)
    ]
    return fitting, False


def _where(dataset: Dataset, mapping: Mapping, field: str, language: str) -> str:
    """Where such a column can come from: this file, the service's export, or under which name."""
    columns, named = columns_for(dataset, mapping, field)
    if columns and not named and len(columns) > _NAMED:
        return t("columns.from_unnamed", language, count=len(columns))
    if columns:
        names = quoted(columns[:_NAMED], language)
        return t("columns.from_named" if named else "columns.from_fitting", language, names=names)
    export = known_export(mapping.system, mapping.export)
    columns_known = export.columns.items() if export else ()
    header = next((key for key, known in columns_known if known.field == field), None)
    if export and header:
        return t("columns.from_export", language, system=esc(export.system), name=esc(header))
    words = search_words(field, str(mapping.grain), language)
    # Names in Latin letters are met in every language's exports, others only in their own.
    usual = [field_word(field, language), *(w for w in words if language == "ru" or w.isascii())]
    return t("columns.from_elsewhere", language, names=quoted(usual[:_NAMED], language))


def _how(mapping: Mapping, language: str) -> None:
    export = known_export(mapping.system, mapping.export)
    if export and language in export.how:
        how = esc(export.how[language])
        st.caption(t("columns.how", language, system=esc(export.system), how=how))


def _names(metrics: Iterable[Metric], language: str) -> str:
    names = dict.fromkeys(
        t(f"metric.{metric.key}.name", language)
        for metric in metrics
        if has(f"metric.{metric.key}.name", language)
    )
    return ", ".join(names)
