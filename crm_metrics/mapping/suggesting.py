"""A table's meaning, suggested: by a template, by its system, or column by column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from crm_metrics.intake.table import Table
from crm_metrics.mapping.completing import complete
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.headers.synonyms import Guess, says_only_when
from crm_metrics.mapping.look import Seen, look
from crm_metrics.mapping.matching.agreement import settle
from crm_metrics.mapping.matching.grain import GrainChoice, assign, choose_grain
from crm_metrics.mapping.model import Level, Mapping, Why
from crm_metrics.mapping.questions import with_questions
from crm_metrics.mapping.recognition.by_system import by_export, by_rivals
from crm_metrics.mapping.recognition.exports import Export, export_named
from crm_metrics.mapping.recognition.recognising import Recognition, recognise
from crm_metrics.mapping.templates.applying import Choice, applied, choose
from crm_metrics.mapping.templates.template import Template
from crm_metrics.schema import GRAINS, field_named, grain_named


def suggest(
    table: Table,
    *,
    templates: Sequence[Template] = (),
    grain: str | None = None,
    export: tuple[str, str] | None = None,
    beside: Collection[str] = (),
    seen: Seen | None = None,
) -> Mapping:
    """What the table and its columns mean, each with a level and the reason.

    `templates` are the user's, in the order in which they were saved; the one that fits the headers
    best is applied. `grain` is what the user said a row is: columns are then guessed for that grain
    alone, without templates. `export` is the (system, export) that the user chose: one of
    `Mapping.rivals`, which are to be offered wherever a mapping has them. `beside` are the systems
    of the other tables of the file. `seen` is what `look` saw of the table, where that is kept.
    Raises NotFoundError("unknown_grain") or NotFoundError("unknown_export").
    """
    seen = seen or look(table)
    if export:
        chosen = export_named(*export)
        mapping = by_export(seen, chosen, "sure", Why("chosen"))
        return complete(seen, with_questions(seen, mapping), chosen)
    return _suggested(seen, recognise(seen, beside), templates, grain)


def suggest_all(tables: Sequence[Table], *, templates: Sequence[Template] = ()) -> list[Mapping]:
    """`suggest` for all tables of one file, each in the light of the others.

    A table that is recognised by itself speaks for its system in the tables beside it.
    """
    seen = [look(table) for table in tables]
    alone = [recognise(item) for item in seen]
    systems = [found.export.system if found.export else "" for found in alone]
    found = []
    for at, item in enumerate(seen):
        beside = {*systems[:at], *systems[at + 1 :]} - {""}
        recognition = recognise(item, beside) if beside else alone[at]
        found.append(_suggested(item, recognition, templates))
    return found


def _suggested(
    seen: Seen,
    recognition: Recognition,
    templates: Sequence[Template],
    grain: str | None = None,
) -> Mapping:
    choice = choose(templates, seen, recognition) if grain is None else Choice()
    if choice.mapping:
        return complete(seen, choice.mapping)
    mapping = _without_templates(seen, recognition, grain)
    return replace(mapping, level="ask", why=choice.refused) if choice.refused else mapping


def by_template(table: Table, template: Template) -> Mapping:
    """The mapping of a table by this template, however much they share."""
    seen = look(table)
    return complete(seen, applied(template, seen, recognise(seen)))


def _without_templates(seen: Seen, recognition: Recognition, grain: str | None) -> Mapping:
    fitting = [export for export in recognition.exports if grain in {None, export.grain}]
    if len(fitting) > 1:
        return complete(seen, with_questions(seen, _of_rivals(seen, fitting, recognition.why)))
    if fitting:
        level = recognition.level if recognition.level != "ask" else "likely"
        mapping = by_export(seen, fitting[0], level, recognition.why)
        return complete(seen, with_questions(seen, mapping), fitting[0])
    return complete(seen, with_questions(seen, _by_grain(seen, grain)))


def _of_rivals(seen: Seen, rivals: Sequence[Export], why: Why) -> Mapping:
    """A table that several exports fit: where they agree, else by its words, to be asked."""
    if len({export.grain for export in rivals}) == 1:
        mapping = by_rivals(seen, rivals, why)
    else:
        mapping = replace(_by_grain(seen, None), level="ask", why=why)
    return replace(mapping, rivals=tuple((export.system, export.name) for export in rivals))


def _by_grain(seen: Seen, grain: str | None) -> Mapping:
    """A table that is no known export: by its words, on the grain that is said or fits best."""
    if grain:
        taken = assign(seen.guesses, seen.profiles, seen.rates, grain_named(grain).key)
        taken = settle(taken, seen.guesses, seen.profiles, grain)
        return _by_words(seen, GrainChoice(grain, taken, "sure", Why("chosen")))
    titles = [read_name(title) for title in (Path(seen.table.file_name).stem, seen.table.name)]
    choice = choose_grain(seen.guesses, seen.profiles, seen.rates, seen.names, titles)
    return _by_words(seen, choice)


def _by_words(seen: Seen, choice: GrainChoice) -> Mapping:
    taken = dict(choice.taken)
    if choice.grain and (date := _only_date(seen, choice.grain, taken)):
        taken |= date
    columns = tuple(
        seen.column(at, taken[at])
        if at in taken
        else replace(seen.column(at, None), why=Why("grain_first"))
        if at in choice.put_off
        else seen.left_over(at, choice.grain, taken)
        for at in range(len(seen.names))
    )
    return Mapping(
        fingerprint=fingerprint(seen.table.headers),
        grain=choice.grain,
        columns=columns,
        level=choice.level,
        why=choice.why,
    )


def _only_date(seen: Seen, grain: str, taken: dict[int, Guess]) -> dict[int, Guess]:
    """The one bare date left over, where the rows have no date yet: it is their date.

    Asked where another column has dates that have no field either.
    """
    dated_by = GRAINS[grain].dated_by
    if any(guess.field in dated_by for guess in taken.values()):
        return {}
    dates = [
        at
        for at, values in enumerate(seen.profiles)
        if at not in taken and values.kind in {"date", "timestamp"}
    ]
    left = [at for at in dates if says_only_when(seen.names[at], grain)]
    if len(left) != 1:
        return {}
    at = left[0]
    moments = [key for key in dated_by if field_named(key).kind == "timestamp"]
    field = moments[0] if moments else "date"
    level: Level = "likely" if len(dates) == 1 else "ask"
    return {at: Guess(field, 0.5, level, Why("only_date"))}
