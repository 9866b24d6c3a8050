"""What is compared on the Experiments page where a data set holds it: its columns are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_metrics.errors import InputError
from crm_metrics.experiments import Trial
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.experiments.rows import PERSON_FIELDS
from crm_metrics.schema import is_personal
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.escape import esc
from crm_metrics.ui.experiments.asked import Asked
from crm_metrics.ui.experiments.columns import (
    Columns,
    column_of,
    named_versions,
    segment_columns,
    unnamed_answers,
    variants,
)
from crm_metrics.ui.experiments.reading import Reading, trial_of, with_control
from crm_metrics.ui.experiments.result import (
    SENT_WORDS,
    before,
    column_asked,
    kinds,
    question_of,
    success_value,
)
from crm_metrics.ui.experiments.watched import segments, watched
from crm_metrics.ui.experiments.ways import way_asked
from crm_metrics.ui.filters import one_of
from crm_metrics.ui.typed import moment_kept

_ROW = "row"
_NOWHERE = "nowhere"


def from_data(datasets: Sequence[Dataset], language: str) -> Asked | None:
    """Ask which data set, versions and result are meant; None while something is still open."""
    top = st.container(horizontal=True, vertical_alignment="bottom", key="test_columns")
    with top:
        dataset = _dataset(datasets, language)
    columns = Columns(dataset)
    candidates = variants(dataset)
    if not candidates:
        st.info(t("experiments.no_variant", language), icon=":material/call_split:")
        return None
    more = st.expander(t("experiments.more", language), icon=":material/tune:")
    with top:
        variant = _variant(columns, candidates, language)
    with more:
        ways = kinds(columns, variant)
        kind = way_asked("result_kind", "kind", ways, language, columns.table)
    if variant is None:
        unfit = [columns.dataset.table.headers[i] for i in named_versions(dataset)]
        said = t("experiments.variant_open", language)
        if unfit:
            said = t("experiments.variant_unfit", language, column=esc(unfit[0]))
        st.info(said, icon=":material/call_split:")
        return None
    taken = [column_of(variant)]
    with top:
        question = question_of(columns, kind, taken, language)
    if question is None:
        st.info(t("experiments.result_open", language), icon=":material/call_split:")
        return None
    unit = None
    with more:
        if question.trials is None:
            unit = _person(columns, taken, language)
        if question.value is not None:
            question = replace(question, before=before(columns, taken, language))
    reading = Reading(columns.header(variant), question, unit)
    trial = _trial(columns, reading, taken, language, places=(top, more))
    if trial is None:
        return None
    setup, arms, others, beside = trial
    inputs = Inputs(setup, arms, others, beside=beside)
    return Asked(inputs, dataset.table.file_name, columns.table)


def _control(trial: Trial, table: str, language: str) -> Trial:
    """Ask which version is the control, and put it first."""
    names = {f"{table}-{arm.name}": arm.name for arm in trial.arms}
    first = f"{table}-{trial.setup.control}"
    control = one_of(
        "control",
        t("experiments.control", language),
        list(dict.fromkeys([first, *names])),
        lambda option: names[option],
        language=language,
        meaning=t("experiments.control_help", language),
    )
    return with_control(trial, names[control])


def _dataset(datasets: Sequence[Dataset], language: str) -> Dataset:
    """The data sets that name a version come first."""
    ordered = sorted(datasets, key=lambda item: not named_versions(item))
    named = {item.id: item for item in ordered}
    chosen = one_of(
        "test",
        t("experiments.dataset", language),
        list(named),
        lambda key: _dataset_name(named[key]),
        language=language,
    )
    return named[chosen]


def _dataset_name(dataset: Dataset) -> str:
    file, table = dataset.table.file_name, dataset.table.name
    return file if not table or table in (file, file.rpartition(".")[0]) else f"{file} · {table}"


def _variant(columns: Columns, candidates: Sequence[int], language: str) -> str | None:
    """Ask for the column of versions: guessed only where the columns name one.

    Any two groups differ in something; a verdict on groups that nobody dealt out would mislead.
    """
    options = [columns.option(column) for column in candidates]
    known = candidates[0] in named_versions(columns.dataset)
    return column_asked("variant", columns, options, language, known=known)


def _trial(
    columns: Columns,
    reading: Reading,
    taken: Sequence[int],
    language: str,
    *,
    places: tuple[DeltaGenerator, DeltaGenerator],
) -> Trial | None:
    """The test; where every cell would be a success, ask which value is one."""
    dataset, question = columns.dataset, reading.question
    top, more = places
    used = [dataset.table.headers[column] for column in taken]
    if question.trials is None:
        with more:
            beside = watched(dataset, unnamed_answers(dataset), used, language)
            apart = segments(dataset, segment_columns(dataset, used), language)
            sent = question.sent or _sent(columns, taken, language)
            read_at = moment_kept(
                "read_at",
                t("experiments.read_at", language),
                language=language,
                meaning=t("experiments.read_at_help", language),
            )
        reading = replace(reading, watched=beside, segments=apart, sent=sent, read_at=read_at)
    with top:
        try:
            trial = trial_of(dataset, reading)
        except InputError as error:
            if error.code != "success_needs_value" or question.success is None:
                raise
            value = success_value(columns, question.success, language)
            if value is None:
                return None
            question = replace(question, success=f"{question.success}={value}")
            trial = trial_of(dataset, replace(reading, question=question))
        return _control(trial, columns.table, language)


def _person(columns: Columns, taken: list[int], language: str) -> str | None:
    """The column that names the person; None where a row is a person."""
    fields = columns.fields()
    known = [columns.option(fields[key]) for key in PERSON_FIELDS if key in fields]
    personal = [columns.option(column) for key, column in fields.items() if is_personal(key)]
    others = columns.ordered((), taken)
    option = one_of(
        "person",
        t("experiments.person", language),
        list(dict.fromkeys([*known, _ROW, *personal, *others])),
        lambda key: t("experiments.person_row", language) if key == _ROW else columns.header(key),
        language=language,
        meaning=t("experiments.person_help", language),
    )
    return None if option == _ROW else columns.header(option)


def _sent(columns: Columns, taken: Sequence[int], language: str) -> str | None:
    """The column that says when people got their version: its field's where there is one."""
    fields = columns.fields()
    first = columns.option(fields["sent_at"]) if "sent_at" in fields else _NOWHERE
    others = columns.ordered(columns.named((), SENT_WORDS), taken)
    option = one_of(
        "sent_when",
        t("experiments.sent", language),
        list(dict.fromkeys([first, *others])),
        lambda key: (
            t("experiments.sent_none", language) if key == _NOWHERE else columns.header(key)
        ),
        language=language,
        meaning=t("experiments.sent_when_help", language),
    )
    return None if option == _NOWHERE else columns.header(option)
