"""The parts of the columns page: what was understood, what is doubtful, all columns, the way on."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from crm_metrics.mapping.model import ColumnMapping, Mapping
from crm_metrics.schema import CHANNELS, GRAINS, fields_of, grain_named, kind_of
from crm_metrics.store import Dataset
from crm_metrics.texts import has, t
from crm_metrics.ui import draft
from crm_metrics.ui.column_editor import column_editor, samples_of
from crm_metrics.ui.words import dataset_name, field_word, grain_word, source_words, why_words

_FIRST_DOUBTS = 12


def choose_dataset(datasets: Sequence[Dataset], language: str) -> Dataset:
    """The data set whose columns are shown; the choice outlives a change of page."""
    by_id = {item.id: item for item in datasets}
    if st.session_state.get("dataset") not in by_id:
        waiting = (item.id for item in datasets if item.facts is None)
        st.session_state["dataset"] = next(waiting, datasets[0].id)
    # The names must not change with the state of a data set: the browser keeps what it shows.
    names = _distinct_names(datasets)
    chosen = st.selectbox(
        t("columns.dataset", language),
        list(by_id),
        format_func=lambda key: names[key],
        key="dataset",
        persist_state="session",
    )
    return by_id[chosen]


def understood(dataset: Dataset, language: str) -> None:
    """One sentence on what the table was taken for, and what a row of it stands for."""
    mapping = draft.draft_of(dataset)
    known = sum(item.field is not None for item in mapping.columns)
    about = {"known": known, "count": len(mapping.columns)}
    if mapping.system:
        source = source_words(mapping, language)
        st.markdown(t("columns.understood", language, source=source, **about))
    else:
        st.markdown(t("columns.understood_unknown", language, **about))
    reason = why_words(mapping.why, language)
    if reason:
        st.caption(reason)
    key = f"grain_{dataset.id}"
    st.session_state[key] = mapping.grain
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            t("columns.grain", language),
            list(GRAINS),
            format_func=lambda grain: grain_word(grain, language),
            key=key,
            placeholder=t("columns.grain_choose", language),
            on_change=draft.choose_grain,
            args=(dataset.id, key),
            help=t("columns.grain_help", language),
            width=480,
        )
        st.button(
            t("columns.reset", language),
            key="reset",
            icon=":material/restart_alt:",
            on_click=draft.suggest_anew,
            args=(dataset.id,),
            help=t("columns.reset_help", language),
        )
    for group in _unmet(mapping):
        fields = ", ".join(field_word(field, language) for field in group)
        st.warning(t("columns.required", language, fields=fields), icon=":material/help:")


def doubts(dataset: Dataset, language: str) -> None:
    """The columns that need an answer, each with its samples, its reason and its choice."""
    if draft.draft_of(dataset).grain is None:
        return
    doubtful = draft.doubtful(dataset)
    # Names that usually mean one thing wait folded, so that real questions stand out.
    likely = [item for item in doubtful if dataset.facts and item.level == "likely"]
    asked = [item for item in doubtful if item not in likely]
    if asked:
        _questions(dataset, asked, language)
    else:
        st.success(t("columns.no_doubts", language), icon=":material/check:")
    if likely:
        title = t("columns.likely", language, count=len(likely))
        with st.expander(title, icon=":material/checklist:"):
            for item in likely:
                column_editor(dataset, item.column, language, place="doubt")


def _questions(dataset: Dataset, asked: Sequence[ColumnMapping], language: str) -> None:
    st.header(t("columns.doubts", language, count=len(asked)))
    st.caption(t("columns.doubts_help", language))
    show_all = len(asked) <= _FIRST_DOUBTS or st.toggle(
        t("columns.doubts_all", language, count=len(asked)), key=f"all_doubts_{dataset.id}"
    )
    with st.container(border=True):
        for item in asked if show_all else asked[:_FIRST_DOUBTS]:
            column_editor(dataset, item.column, language, place="doubt")


def all_columns(dataset: Dataset, language: str) -> None:
    """Every column in a table, and an editor for the one chosen."""
    mapping = draft.draft_of(dataset)
    st.header(t("columns.all", language, count=len(mapping.columns)))
    st.dataframe(
        _table(dataset, mapping, language),
        hide_index=True,
        key=f"table_{dataset.id}",
        column_config={t("columns.number", language): st.column_config.NumberColumn(width=50)},
        alt=t("columns.all_alt", language),
    )
    if mapping.grain is None:
        return
    key = f"column_{dataset.id}"
    chosen = st.selectbox(
        t("columns.change", language),
        range(len(mapping.columns)),
        index=None,
        format_func=lambda place: f"{place + 1}. {mapping.columns[place].name}",
        placeholder=t("columns.change_choose", language),
        key=key,
    )
    if chosen is not None:
        with st.container(border=True):
            column_editor(dataset, mapping.columns[chosen].column, language, place="all")


def constants(dataset: Dataset, language: str) -> None:
    """Fields that are the same for every row and stand in no column."""
    mapping = draft.draft_of(dataset)
    if mapping.grain is None:
        return
    offered = [name for name in ("channel", "currency") if name not in mapping.fields]
    if mapping.grain == "surveys" and "survey_type" not in mapping.fields:
        offered.append("survey_type")
    if "currency" in offered and not _has_money(mapping):
        offered.remove("currency")
    if not offered:
        return
    st.header(t("columns.constants", language))
    for place, name in zip(st.columns(3), offered, strict=False):
        with place:
            _constant(dataset.id, mapping, name, language)


def bar(dataset: Dataset, language: str) -> None:
    """Apply and undo, at the foot of the window while there is something to apply."""
    if st.session_state.pop("_applied", None) == dataset.id:
        st.toast(t("columns.applied", language), icon=":material/check:")
    edits = draft.changed(dataset)
    if not edits and not draft.doubtful(dataset):
        return
    with st.bottom, st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            t("columns.apply", language, count=edits) if edits else t("columns.confirm", language),
            key="apply",
            type="primary",
            icon=":material/check:",
            disabled=draft.draft_of(dataset).grain is None,
            on_click=draft.apply,
            args=(dataset.id,),
        )
        if edits:
            st.button(
                t("columns.undo", language),
                key="undo",
                icon=":material/undo:",
                on_click=draft.forget,
                args=(dataset.id,),
            )


def _unmet(mapping: Mapping) -> list[tuple[str, ...]]:
    """Groups of fields of which the grain needs one each, and has none."""
    if mapping.grain is None:
        return []
    given = {*mapping.fields, *mapping.constants}
    return [group for group in grain_named(mapping.grain).required if not given & set(group)]


def _constant(dataset_id: str, mapping: Mapping, name: str, language: str) -> None:
    key = f"constant_{name}_{dataset_id}"
    st.session_state[key] = mapping.constants.get(name) or (None if name != "currency" else "")
    label = field_word(name, language)
    if name == "currency":
        st.text_input(
            label,
            key=key,
            max_chars=3,
            placeholder=t("columns.currency_example", language),
            on_change=draft.choose_constant,
            args=(dataset_id, name, key),
        )
        return
    options = list(CHANNELS) if name == "channel" else ["nps", "csat", "ces"]
    current = mapping.constants.get(name)
    if current and current not in options:
        options.append(current)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda value: _constant_word(name, value, language),
        placeholder=t("columns.from_data", language),
        on_change=draft.choose_constant,
        args=(dataset_id, name, key),
    )


def _constant_word(name: str, value: str, language: str) -> str:
    key = f"channel.{value}" if name == "channel" else f"columns.survey.{value}"
    return t(key, language) if has(key, language) else value


def _has_money(mapping: Mapping) -> bool:
    grain = str(mapping.grain)
    known = set(fields_of(grain))
    return any(kind_of(key, grain) == "money" for key in mapping.fields if key in known)


def _table(dataset: Dataset, mapping: Mapping, language: str) -> pd.DataFrame:
    recipes = dataset.facts.recipes if dataset.facts else ()
    failed = {recipe.column: recipe.failed for recipe in recipes}
    table = pd.DataFrame(
        {
            t("columns.number", language): [item.column + 1 for item in mapping.columns],
            t("columns.name", language): [item.name for item in mapping.columns],
            t("columns.samples", language): [
                " · ".join(samples_of(dataset, item.column)) for item in mapping.columns
            ],
            t("columns.field", language): [
                field_word(item.field, language)
                if item.field
                else t("columns.extra_short", language)
                for item in mapping.columns
            ],
            t("columns.level", language): [
                t(f"level.{item.level}", language) for item in mapping.columns
            ],
            t("columns.why", language): [
                why_words(item.why, language, markdown=False) for item in mapping.columns
            ],
        }
    )
    if any(failed.values()):
        table[t("columns.failed", language)] = [
            failed.get(item.column, 0) for item in mapping.columns
        ]
    return table


def _distinct_names(datasets: Sequence[Dataset]) -> dict[str, str]:
    """Each data set's name by its id; the second of one name has a number after it."""
    names: dict[str, str] = {}
    for item in datasets:
        name = dataset_name(item)
        same = sum(dataset_name(other) == name for other in datasets[: len(names)])
        names[item.id] = f"{name} ({same + 1})" if same else name
    return names
