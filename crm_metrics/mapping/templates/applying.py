"""A template on a table: which one applies itself, and the mapping that it gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crm_metrics.mapping.fingerprint import fingerprint
from crm_metrics.mapping.look import Seen
from crm_metrics.mapping.model import Applied, Mapping, Why
from crm_metrics.mapping.recognition.exports import Export, systems
from crm_metrics.mapping.recognition.recognising import Recognition
from crm_metrics.mapping.templates.columns import Placed, foreign_currencies, placed
from crm_metrics.mapping.templates.drift import Drift, Shared, fit, shared
from crm_metrics.mapping.templates.template import Template, is_numbered, sheet_of
from crm_metrics.schema import grain_named

_NEAR = 0.05


@dataclass(frozen=True, slots=True)
class Choice:
    """The mapping by the best template, or None; `refused` says why the nearest can't be used."""

    mapping: Mapping | None = None
    refused: Why | None = None


def choose(templates: Sequence[Template], seen: Seen, recognition: Recognition) -> Choice:
    """The mapping by the template that fits best, the later saved one of equals.

    `templates` stand in the order in which they were saved. Where two named ones fit alike and mean
    different things, the mapping asks.
    """
    parts = [(template, shared(template, seen.table.headers)) for template in templates]
    found = [pair for pair in parts if _may_apply(*pair, seen, recognition)]
    if not found:
        return Choice()
    exact, most = max((part.exact, part.rare) for _, part in found)
    near = [
        template for template, part in found if part.exact == exact and part.rare >= most - _NEAR
    ]
    sheet = sheet_of(seen.table)
    near = [template for template in near if template.sheet == sheet] or near
    made = [(template, applied(template, seen, recognition)) for template in near]
    usable = [pair for pair in made if not lost_needs(pair[1])]
    if not usable:
        return Choice(refused=_refusal(*made[-1]))
    best, mapping = usable[-1]
    for rival, other in usable[:-1]:
        # Of mappings without a name the last one confirmed for a sheet holds.
        if (best.name and rival.name) or best.sheet != rival.sheet:
            mapping = _beside(mapping, best, rival, other)
    return Choice(mapping)


def _refusal(template: Template, mapping: Mapping) -> Why:
    columns = ", ".join(lost_needs(mapping))
    if template.name:
        return Why("template_lacks", {"name": template.name, "columns": columns})
    return Why("remembered_lacks", {"columns": columns})


def applied(template: Template, seen: Seen, recognition: Recognition | None = None) -> Mapping:
    """The mapping of a table by a template, however much they share.

    A column of the same header whose values fit is sure, else asked with the reason. A new column
    is suggested as without the template, and asked. `applied` of the result says what is missing.
    """
    drift = fit(template, seen.table.headers)
    found = placed(template, drift, seen, recognition)
    about = _about(template, drift, found)
    fields = {item.field for item in found.columns}
    currencies = foreign_currencies(template, drift, seen)
    constants = {
        key: text
        for key, text in template.constants.items()
        if key not in fields and not (key == "currency" and currencies - {text})
    }
    sure = drift.exact and all(item.level in {"sure", "none"} for item in found.columns)
    return Mapping(
        fingerprint=fingerprint(seen.table.headers),
        grain=template.grain,
        columns=found.columns,
        system=template.system,
        export=template.export,
        level="sure" if sure else "likely",
        why=_why(about, exact=drift.exact),
        constants=constants,
        applied=about,
    )


def _beside(mapping: Mapping, best: Template, rival: Template, other: Mapping) -> Mapping:
    """The mapping by a template, asked where another that fits alike says something else."""
    names = {"first": best.name or best.sheet, "second": rival.name or rival.sheet}
    asked = Why("template_disagrees", names)
    columns = tuple(
        mine
        if mapping.grain == other.grain and mine.meaning == theirs.meaning
        else replace(mine, level="ask", why=asked)
        for mine, theirs in zip(mapping.columns, other.columns, strict=True)
    )
    agreed = dict(mapping.constants.items() & other.constants.items())
    if columns == mapping.columns and agreed == mapping.constants:
        return mapping
    return replace(
        mapping, columns=columns, constants=agreed, level="ask", why=Why("template_tie", names)
    )


def lost_needs(mapping: Mapping) -> tuple[str, ...]:
    """Missing headers of which the grain needs one, and no other column gives it."""
    if mapping.applied is None:
        return ()
    unmet = {field for group in mapping.unmet for field in group}
    return tuple(header for header, field in mapping.applied.lost if field in unmet)


def doubtful_needs(mapping: Mapping) -> tuple[str, ...]:
    """Headers now in doubt of which the grain needs one, and no undoubted column gives it."""
    if mapping.grain is None:
        return ()
    asked = {key: item.name for key, item in mapping.fields.items() if item.level == "ask"}
    groups = grain_named(mapping.grain).unmet(mapping.given - asked.keys())
    unmet = {field for group in groups for field in group}
    return tuple(name for field, name in asked.items() if field in unmet)


def _may_apply(template: Template, part: Shared, seen: Seen, recognition: Recognition) -> bool:
    """Whether the template applies itself: by its headers, and beside what recognition says."""
    if not part.most or template.layout != seen.table.layout:
        return False
    if template.nameless_columns or is_numbered(seen.table.headers):
        # Numbers for names say nothing: the looks of all columns must agree.
        return part.exact and all(
            seen.profiles[at].kind in {template.columns[place].kind, "empty"}
            for place, at in fit(template, seen.table.headers).same
        )
    if not recognition.exports:
        return True
    own = part.exact or any(_is_of(template, export) for export in recognition.exports)
    return template.confirmed and own


def _is_of(template: Template, export: Export) -> bool:
    """Whether the template can be of this export: of it, or of none that the program knew then."""
    if template.system is None:
        return True
    names = {known.name for known in systems().get(template.system, ())}
    same = template.export == export.name or template.export not in names
    return template.system == export.system and same


def _about(template: Template, drift: Drift, found: Placed) -> Applied:
    missing = [
        template.columns[place]
        for place in sorted((*drift.missing, *(place for place, _ in drift.renamed)))
        if place not in found.renamed
    ]
    fields = {item.field for item in found.columns}
    return Applied(
        template.name,
        template.created,
        new=tuple(item.name for item in found.columns if item.why.code == "template_new"),
        missing=tuple(column.header for column in missing),
        renamed=tuple(
            (template.columns[place].header, found.columns[at].name)
            for place, at in found.renamed.items()
        ),
        lost=tuple(
            (column.header, column.field)
            for column in missing
            if column.field and column.field not in fields
        ),
    )


def _why(about: Applied, *, exact: bool) -> Why:
    counts = {
        "new": str(len(about.new)),
        "missing": str(len(about.missing)),
        "renamed": str(len(about.renamed)),
    }
    params = {"saved": about.saved.isoformat(), **({} if exact else counts)}
    if about.name:
        return Why("template", {"name": about.name, **params})
    return Why("remembered", params) if exact else Why("remembered_drift", params)
