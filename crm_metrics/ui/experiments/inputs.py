"""What is compared on the Experiments page where a data set holds it: its columns are asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crm_metrics.errors import InputError
from crm_metrics.experiments import Question, Trial
from crm_metrics.experiments.question import ANSWERS
from crm_metrics.experiments.rerun import Inputs
from crm_metrics.experiments.rows import PERSON_FIELDS
from crm_metrics.facts import mask
from crm_metrics.schema import is_personal
from crm_metrics.store import Dataset
from crm_metrics.texts import t
from crm_metrics.ui.experiments.asked import Asked
from crm_metrics.ui.experiments.columns import (
    Columns,
    column_of,
    named_versions,
    segment_columns,
    unnamed_answers,
    values_of,
    variants,
)
from crm_metrics.ui.experiments.numbers import number
from crm_metrics.ui.experiments.reading import Reading, trial_of, with_control
from crm_metrics.ui.experiments.watched import segments, watched
from crm_metrics.ui.filters import one_of, one_or_none

# What a test is decided on, most telling first: clicks before conversions, which are so few that
# most tests of a message can't be decided on them; opens last, since machines open mail too.
_SUCCESSES = (
    "clicked",
    "converted",
    "attended",
    "is_answered",
    "lead",
    "clicks_total",
    "delivered",
    "unsubscribed",
    "complained",
    "opened",
)
_AMOUNTS = ("revenue", "amount", "margin", "score", "clicks_total", "quantity")
_TOTALS = (
    *("clicks_unique", "conversions", "orders", "leads", "opens_unique", "clicks", "unsubscribes"),
)
_BASES = ("delivered", "sent", "reach", "users", "visits", "sessions", "impressions")
_SENT = ("sent_at", "delivered_at", "created_at")
_ANSWERS = (
    *("replied_at", "first_reply_at", "responded_at"),
    *("clicked_at", "opened_at", "converted_at"),
)
# What each kind of result asks for: a question's part, the choice's name, the fields that lead.
_PARTS = {
    "share": (("success", "success", _SUCCESSES),),
    "amount": (("value", "value", _AMOUNTS),),
    "within": (("sent", "sent", _SENT), ("answered", "answered", _ANSWERS)),
    "totals": (("success", "events", _TOTALS), ("trials", "trials", _BASES)),
    "ratio": (
        ("numerator", "numerator", ("clicks_total", *_AMOUNTS)),
        ("denominator", "denominator", ("opens_total", "orders", "quantity")),
    ),
}
_COUNT = r"^(?!.*(rate|share|%|доля|процент)).*"
# Headers of columns that no field stands for in this kind of file.
_WORDS = {
    "sent": re.compile(r"sent|send|отправ|послан", re.IGNORECASE),
    "trials": re.compile(
        _COUNT + r"(recipient|people|users|visitor|member|sent|deliver|получател|люд|участник"
        r"|пользовател|посетител|отправ|достав)",
        re.IGNORECASE,
    ),
    "events": re.compile(
        _COUNT + r"(click|conver|purchas|order|lead|клик|переход|перешл|конверс|покуп|заказ|заяв)",
        re.IGNORECASE,
    ),
    "before": re.compile(r"before|pre|prior|last|до_|до |прошл|раньше", re.IGNORECASE),
    "answered": re.compile(r"repl|answer|respon|ответ", re.IGNORECASE),
}
_ROW = "row"


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
        kind = one_of(
            "result_kind",
            t("experiments.kind", language),
            _kinds(columns, variant),
            lambda key: t(f"experiments.kind_{key}", language),
            language=language,
            meaning=t("experiments.kind_help", language),
        )
    if variant is None:
        st.info(t("experiments.variant_open", language), icon=":material/call_split:")
        return None
    taken = [column_of(variant)]
    with top:
        question = _question(columns, kind, taken, language)
    if question is None:
        st.info(t("experiments.result_open", language), icon=":material/call_split:")
        return None
    unit = None
    with more:
        if question.trials is None:
            unit = _person(columns, taken, language)
        if question.value is not None:
            question = replace(question, before=_before(columns, taken, language))
    reading = Reading(columns.header(variant), question, unit)
    trial = _trial(columns, reading, taken, language, places=(top, more))
    if trial is None:
        return None
    setup, arms, others, beside = trial
    return Asked(Inputs(setup, arms, others, beside=beside), dataset.table.file_name)


def _kinds(columns: Columns, variant: str | None) -> tuple[str, ...]:
    """The kinds of results, the likeliest first: totals where a row is a mailing or a version."""
    kinds = ("share", "amount", "within", "totals", "ratio")
    if variant is None:
        return kinds
    known = columns.fields()
    counted = all(any(key in known for key in keys) for keys in (_TOTALS, _BASES))
    people = any(key in known for key in PERSON_FIELDS)
    # A version of one row has no row for each person: nothing else can be counted.
    alone = max(values_of(columns.dataset, column_of(variant)).values()) == 1
    if not alone and (people or not counted):
        return kinds
    return ("totals", *(kind for kind in kinds if kind != "totals"))


def _control(trial: Trial, language: str) -> Trial:
    """Ask which version is the control, and put it first."""
    first = trial.setup.control
    names = [arm.name for arm in trial.arms]
    control = one_of(
        "control",
        t("experiments.control", language),
        [first, *(name for name in names if name != first)],
        str,
        language=language,
        meaning=t("experiments.control_help", language),
    )
    return with_control(trial, control)


def _dataset(datasets: Sequence[Dataset], language: str) -> Dataset:
    """The data sets that name a version come first."""
    ordered = sorted(datasets, key=lambda item: "variant" not in item.mapping.fields)
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
    label, meaning = t("experiments.variant", language), t("experiments.variant_help", language)
    options = [columns.option(column) for column in candidates]
    if candidates[0] in named_versions(columns.dataset):
        return one_of("variant", label, options, columns.header, language=language, meaning=meaning)
    return one_or_none(
        "variant",
        label,
        options,
        columns.header,
        language=language,
        placeholder=t("experiments.variant_choose", language),
        meaning=meaning,
    )


def _question(columns: Columns, kind: str, taken: list[int], language: str) -> Question | None:
    """Ask for the columns that this kind of result needs; `taken` grows by them.

    None while one is open: what neither a field nor a header names is not guessed.
    """

    def ask(name: str, first: Sequence[str]) -> str | None:
        head = [i for i in columns.named(first, _WORDS.get(name)) if i not in taken]
        if not head and name == "success":
            head = _only_answer(columns, taken)
        label, meaning = t(f"experiments.{name}", language), t(f"experiments.{name}_help", language)
        options = columns.ordered(head, taken)
        option = (
            one_of(name, label, options, columns.header, language=language, meaning=meaning)
            if head
            else one_or_none(
                name,
                label,
                options,
                columns.header,
                language=language,
                placeholder=t("experiments.variant_choose", language),
                meaning=meaning,
            )
        )
        if option is None:
            return None
        taken.append(column_of(option))
        return columns.header(option)

    hours = None
    if kind == "within":
        hours = number("within", language, (0.01, 10_000.0), 24.0, 1.0)
    named = {part: ask(name, first) for part, name, first in _PARTS[kind]}
    return None if None in named.values() else Question(**named, within=hours)


def _only_answer(columns: Columns, taken: Sequence[int]) -> list[int]:
    """The one column of yes and no that no field stands for; none where there are several."""
    headers = columns.dataset.table.headers
    places = [headers.index(header) for header in unnamed_answers(columns.dataset)]
    free = [place for place in places if place not in taken]
    return free if len(free) == 1 else []


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
        reading = replace(reading, watched=beside, segments=apart)
    with top:
        try:
            trial = trial_of(dataset, reading)
        except InputError as error:
            if error.code != "success_needs_value" or question.success is None:
                raise
            value = _success_value(columns, question.success, language)
            if value is None:
                return None
            question = replace(question, success=f"{question.success}={value}")
            trial = trial_of(dataset, replace(reading, question=question))
        return _control(trial, language)


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


def _before(columns: Columns, taken: list[int], language: str) -> str | None:
    """Ask for what people did before the test, which no answer to it can be; none at first."""
    fields = columns.fields()
    after = {column for key, column in fields.items() if key in ANSWERS or is_personal(key)}
    option = one_or_none(
        "before",
        t("experiments.before", language),
        columns.ordered(columns.named((), _WORDS["before"]), [*taken, *after]),
        columns.header,
        language=language,
        placeholder=t("experiments.before_none", language),
        meaning=t("experiments.before_help", language),
    )
    if option is None:
        return None
    taken.append(column_of(option))
    return columns.header(option)


def _success_value(columns: Columns, header: str, language: str) -> str | None:
    """Ask which cell counts as a success; nothing is guessed."""
    column = columns.dataset.table.headers.index(header)
    field = next(item.field for item in columns.dataset.mapping.columns if item.column == column)
    return st.selectbox(
        t("experiments.success_value", language),
        list(values_of(columns.dataset, column)),
        index=None,
        format_func=lambda value: mask(value, field),
        placeholder=t("experiments.success_value_open", language),
        key=f"success_value_{columns.option(column)}",
        persist_state="session",
        width=380,
    )
