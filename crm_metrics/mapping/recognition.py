"""Which system a table comes from: by its headers, the lines above them and its layout."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_metrics.intake.table import Table
from crm_metrics.mapping.exports import Export, systems
from crm_metrics.mapping.header import HeaderName
from crm_metrics.mapping.model import Level, Why

_LEVELS: dict[Level, int] = {"sure": 3, "likely": 2, "ask": 1, "none": 0}
_SIGN_WEIGHT = 3
_QUESTION_WORDS = 4


@dataclass(frozen=True, slots=True)
class Recognition:
    """A recognised export; `export` is None where two fit equally or none fits."""

    export: Export | None
    level: Level
    why: Why


@dataclass(frozen=True, slots=True)
class _Candidate:
    export: Export
    level: Level
    why: Why
    evidence: int
    known: frozenset[str]


def recognise(table: Table, names: Sequence[HeaderName]) -> Recognition:
    """The export that the table is, how sure that is, and why."""
    preamble = "\n".join(table.preamble)
    found = [
        candidate
        for exports in systems().values()
        for export in exports
        if (candidate := _candidate(export, table, names, preamble))
    ]
    if not found:
        return Recognition(None, "none", Why("no_system"))
    found.sort(key=lambda c: (_LEVELS[c.level], c.evidence), reverse=True)
    best = found[0]
    for rival in found[1:]:
        if not _near(best, rival):
            continue
        export = best.export
        names_of_both = {"first": _title(export), "second": _title(rival.export)}
        agreed = export.system == rival.export.system and export.grain == rival.export.grain
        return Recognition(export if agreed else None, "ask", Why("near_tie", names_of_both))
    return Recognition(best.export, best.level, best.why)


def _near(best: _Candidate, rival: _Candidate) -> bool:
    """Whether the rival explains the headers as well as the best does."""
    return (
        rival.level == best.level
        and best.evidence - rival.evidence <= 1
        and rival.known >= best.known
    )


def _candidate(
    export: Export, table: Table, names: Sequence[HeaderName], preamble: str
) -> _Candidate | None:
    if export.layout != table.layout and (
        export.layout != "table" or table.layout in {"key_value", "message_log"}
    ):
        return None
    said = bool(export.preamble and export.preamble.search(preamble))
    if export.hint and not said and not export.hint.search(preamble):
        return None
    keys = [name.key for name in names if name.key]
    known = frozenset(keys) & frozenset(export.columns)
    signs = len(known & export.signs)
    level = _level(export, signs, said=said, known=len(known), keys=keys, names=names)
    if level == "none":
        return None
    evidence = _SIGN_WEIGHT * signs + len(known)
    evidence += 20 * said + 5 * (said and export.layout == table.layout) + 10 * bool(export.hint)
    params = {"known": str(len(known)), "total": str(len(keys)), "system": export.system}
    return _Candidate(
        export,
        level,
        Why("preamble_matched" if said else "headers_matched", params),
        evidence,
        known,
    )


def _level(
    export: Export,
    signs: int,
    *,
    said: bool,
    known: int,
    keys: list[str],
    names: Iterable[HeaderName],
) -> Level:
    share = known / max(len(keys), 1)
    if said and known >= 2 and share >= 0.5:
        return "sure"
    if export.asks and not any(_asks(name) for name in names):
        return "none"
    if signs >= export.need and (export.open_ended or share >= 0.5):
        return "likely" if export.asks else "sure"
    if export.open_ended:
        probable = signs > 0 and export.need > 1 and known >= 3
    else:
        probable = (said and known > 0) or (
            signs > 0 and known >= 5 and (signs >= export.need or share >= 0.6)
        )
    return "likely" if probable else "none"


def _asks(name: HeaderName) -> bool:
    """Whether a header reads as a question that was put to a person."""
    return name.text.endswith("?") or len(name.words) > _QUESTION_WORDS


def _title(export: Export) -> str:
    return f"{export.system}: {export.name}"
