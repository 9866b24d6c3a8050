"""Names of contacts: nobody's, half of one, or written so that search doesn't find them."""

from __future__ import annotations

from crm_metrics.audit.cleaning.names import (
    CAPS,
    DIGITS,
    JUNK_WORD,
    LETTERS,
    MAIL,
    MIXED,
)
from crm_metrics.audit.cleaning.reading import NAME, names_of, people_of
from crm_metrics.audit.conditions import missing
from crm_metrics.audit.ground import FILE, LINE, Ground
from crm_metrics.audit.model import Check, Violations

_JUNK = (JUNK_WORD, DIGITS, MAIL, LETTERS)
# Where half of all names are one word, the base keeps first names, and nothing lacks.
_MOST = 0.5


def _junk(ground: Ground) -> Violations:
    names = names_of(ground)
    found = names.filter(names.verdict.isin(_JUNK))
    return Violations(rows=found.select(FILE, LINE, why=found.verdict), base=names.select("date"))


def _incomplete(ground: Ground) -> Violations:
    people = people_of(ground)
    half = people.verdict.notnull()
    found = people.filter(half)
    share = half.mean().to_pyarrow().as_py() or 0.0
    if share > _MOST:
        return Violations(rows=found.limit(0).select(FILE, LINE), base=0)
    return Violations(rows=found.select(FILE, LINE), base=people.select("date"))


def _writing(ground: Ground) -> Violations:
    names = names_of(ground)
    found = names.filter(names.writing.isin((CAPS, MIXED)))
    rows = found.select(FILE, LINE, why=found.writing, suggestion=found.suggestion)
    return Violations(rows=rows, base=names.select("date"))


CHECKS = (
    Check(
        key="name_missing",
        grain="contacts",
        needs=(NAME,),
        severity=3,
        effort="M",
        broken=missing(*NAME.split("|")),
    ),
    Check(
        key="name_incomplete",
        grain="contacts",
        needs=("full_name|last_name",),
        severity=3,
        effort="M",
        rule=_incomplete,
    ),
    Check(
        key="name_junk",
        grain="contacts",
        needs=(NAME,),
        severity=2,
        effort="S",
        rule=_junk,
    ),
    Check(
        key="name_case_script",
        grain="contacts",
        needs=(NAME,),
        severity=3,
        effort="S",
        rule=_writing,
        suggests="full_name",
    ),
)
