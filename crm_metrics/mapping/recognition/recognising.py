"""Which export of which system a table is: the one that most speaks for, if it is far ahead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from crm_metrics.mapping.look import Seen
from crm_metrics.mapping.model import Level, Why
from crm_metrics.mapping.recognition.evidence import SIGN, Evidence, evidence, headers_of
from crm_metrics.mapping.recognition.exports import Export, systems

# Over the catalogue of 78 exports (tests/mapping/test_recognition.py prints it) the right one has
# 5.6 points and more, usually over 15, and is a fifth ahead of its system's others; the best of
# another system has under 7, but for Klaviyo, which took Mailchimp's words (10, no sign). Of over
# 120 tables of nobody, where half of the headers are known, one has 7 (no sign), others under 4.
_SURE = 5.0
_LIKELY = 4.0
_SOME_SIGNS = 6.0
_NO_SIGN = 8.0
_SETTLED = 10.0
_UNMISTAKABLE = 15.0
_SHARE = 0.5
_NEARLY_ALL = 0.7
_CLEAR = 1.0
_CLEAR_SHARE = 0.1
_BY_COLUMNS = ("known_by_one", "known_by_two", "known_by_three")
_NAMES = ("first", "second", "third")


@dataclass(frozen=True, slots=True)
class Recognition:
    """The exports that a table can be, how sure that is, and why.

    None where nothing is recognised; several, the best first, where they fit equally well: then
    the level is "ask".
    """

    exports: tuple[Export, ...]
    level: Level
    why: Why

    @property
    def export(self) -> Export | None:
        """The export that the table is; None where none or several fit."""
        return self.exports[0] if len(self.exports) == 1 else None


def recognise(seen: Seen, beside: Collection[str] = ()) -> Recognition:
    """The export that a table is; `beside` are the systems of the other tables of its file."""
    ranked = ranking(seen, beside)
    # What has clearly less behind it than the first is not the answer, whatever the first is.
    near = [found for found in ranked if _near(ranked[0], found)]
    level = next((level for found in near if (level := level_of(found))), None)
    if level is None:
        return Recognition((), "none", Why("no_system"))
    exports = tuple(found.export for found in near)
    if len(near) == 1:
        return Recognition(exports, level, why_of(near[0], seen))
    titles = {"first": _title(exports[0]), "second": _title(exports[1])}
    return Recognition(exports, "ask", Why("near_tie" if len(near) == 2 else "near_ties", titles))


def ranking(seen: Seen, beside: Collection[str] = ()) -> list[Evidence]:
    """What speaks for each export that the table can be, most first."""
    exports = tuple(export for known in systems().values() for export in known)
    headers = headers_of(exports)
    found = [item for each in exports if (item := evidence(each, seen, headers, beside))]
    return sorted(found, key=lambda item: -item.points)


def level_of(found: Evidence) -> Level | None:
    """How sure the evidence makes one; None where it does not suffice."""
    export, points, signs = found.export, found.points, found.signs
    enough = signs >= export.need
    most = found.share >= _SHARE or (export.open_ended and enough)
    if points < _LIKELY or not (most or found.line or points >= _UNMISTAKABLE):
        return None
    if enough or found.line or (signs > 1 and points >= _SETTLED):
        return "sure" if points >= _SURE and not export.asks else "likely"
    return "likely" if points >= _least(found) else None


def _least(found: Evidence) -> float:
    """The points from which too few signs, or none, make an export likely."""
    pointed = found.named or found.titled or found.beside
    if found.signs:
        return _LIKELY if pointed else _SOME_SIGNS
    if pointed:
        return _SURE
    return _NO_SIGN if found.share >= _NEARLY_ALL else _UNMISTAKABLE


def why_of(found: Evidence, seen: Seen) -> Why:
    """What gave the export away, in the words of the file."""
    params = {"system": found.export.system}
    if found.line:
        return Why("known_by_line", params | {"line": found.line})
    if found.export.layout == "message_log":
        return Why("known_by_form", params)
    if not found.signs and (found.named or found.titled):
        return Why("known_by_name", params | {"name": found.named or found.titled})
    if not found.signs and found.beside:
        return Why("known_beside", params)
    names = [seen.table.headers[at] for at in found.columns[: len(_BY_COLUMNS)]]
    return Why(_BY_COLUMNS[len(names) - 1], params | dict(zip(_NAMES, names, strict=False)))


def _near(best: Evidence, rival: Evidence) -> bool:
    """Whether the rival explains the table nearly as well as the best does."""
    behind = best.points - rival.points
    return behind < _CLEAR or (behind < _CLEAR_SHARE * best.points and behind < SIGN)


def _title(export: Export) -> str:
    return f"{export.system}: {export.name}"
