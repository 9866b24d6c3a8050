"""A table's meaning, suggested: by a template, by its system, or column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crm_metrics.intake.table import Table
from crm_metrics.mapping.applying import Choice, choose
from crm_metrics.mapping.by_system import by_export
from crm_metrics.mapping.completing import complete
from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.grain import GrainChoice, assign, choose_grain
from crm_metrics.mapping.look import Seen, look
from crm_metrics.mapping.model import Level, Mapping, Why
from crm_metrics.mapping.recognition import Recognition, recognise
from crm_metrics.mapping.synonyms import Guess
from crm_metrics.mapping.template import Template
from crm_metrics.schema import GRAINS, field_named, grain_named

_DATE_WORDS = frozenset({"date", "day", "дата", "день", "time", "время"})
_OTHER_DATES = (
    "birth", "рожд", "weekday", "expir", "due", "срок", "optin", "opt", "end", "оконч",
    "consent", "соглас",
)  # fmt: skip


def suggest(
    table: Table, *, templates: Sequence[Template] = (), grain: str | None = None
) -> Mapping:
    """What the table and its columns mean, each with a level and the reason.

    `templates` are the user's, in the order in which they were saved; the one that fits the headers
    best is applied. `grain` is what the user said a row is: columns are then guessed for that grain
    alone, without templates. Raises NotFoundError("unknown_grain").
    """
    seen = look(table)
    recognition = recognise(table, seen.names)
    choice = choose(templates, seen, recognition) if grain is None else Choice()
    if choice.mapping:
        return complete(seen, choice.mapping)
    mapping = _without_templates(seen, recognition, grain)
    return replace(mapping, level="ask", why=choice.refused) if choice.refused else mapping


def _without_templates(seen: Seen, recognition: Recognition, grain: str | None) -> Mapping:
    export = recognition.export
    if export and grain in {None, export.grain}:
        return complete(seen, by_export(seen, export, recognition.level, recognition.why), export)
    if grain:
        taken = assign(seen.guesses, seen.profiles, seen.rates, grain_named(grain).key)
        choice = GrainChoice(grain, taken, "sure", Why("chosen"))
    else:
        choice = choose_grain(seen.guesses, seen.profiles, seen.rates)
    why = recognition.why if recognition.why.code == "near_tie" else choice.why
    return complete(seen, _by_words(seen, choice, why))


def _by_words(seen: Seen, choice: GrainChoice, why: Why) -> Mapping:
    taken = dict(choice.taken)
    if choice.grain and (date := _only_date(seen, choice.grain, taken)):
        taken |= date
    columns = tuple(seen.column(at, taken.get(at)) for at in range(len(seen.names)))
    return Mapping(
        fingerprint=fingerprint(seen.table.headers),
        grain=choice.grain,
        columns=columns,
        level=choice.level,
        why=why,
    )


def _only_date(seen: Seen, grain: str, taken: dict[int, Guess]) -> dict[int, Guess]:
    """The one column of dates left over, where the rows have no date yet: it is their date."""
    dated_by = GRAINS[grain].dated_by
    if any(guess.field in dated_by for guess in taken.values()):
        return {}
    left = [
        at
        for at, values in enumerate(seen.profiles)
        if at not in taken
        and values.kind in {"date", "timestamp"}
        and not any(word.startswith(_OTHER_DATES) for word in seen.names[at].words)
    ]
    if len(left) != 1:
        return {}
    at = left[0]
    moments = [key for key in dated_by if field_named(key).kind == "timestamp"]
    field = moments[0] if moments else "date"
    level: Level = "likely" if _DATE_WORDS & set(seen.names[at].words) else "ask"
    return {at: Guess(field, 0.5, level, Why("only_date"))}
