"""How much of what is wrong the checks find, and how much of what they find is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crm_metrics.audit import Settings, catalogue
from crm_metrics.audit.catalogue import duplicates, emails, names, phones
from crm_metrics.audit.duplicates.finding import GROUP, STAYS, alike
from crm_metrics.audit.ground import LINE, Ground
from crm_metrics.audit.listing import listed
from tests.audit.made import TODAY, engine
from tests.audit.made_defects import Crm

_EXACT = ("dup_exact_email", "dup_exact_phone")
KEYS = (
    *(check.key for part in (names, phones, emails) for check in part.CHECKS),
    *("phone_missing", "email_missing", *_EXACT),
)
assert {check.key for check in duplicates.CHECKS}.issuperset(_EXACT)


@dataclass(frozen=True, slots=True)
class Told:
    """How many there are, how many a check found, and how many of these are right."""

    check: str
    true: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that there is."""
        return self.right / self.found if self.found else 1.0


def of_checks(crm: Crm) -> list[Told]:
    """All checks of contacts' values, and of the same mailbox or phone."""
    ground = ground_of(crm)
    by_key = {check.key: check for check in catalogue() if check.grain == "contacts"}
    told = []
    for key in KEYS:
        rows = listed(ground, by_key[key], by_key[key].scope())
        found = set(rows.select(LINE).to_pyarrow()[LINE].to_pylist())
        true = crm.bad.get(key, set())
        told.append(Told(key, len(true), len(found), len(found & true)))
    return told


def of_duplicates(crm: Crm, *, limit: int = 100) -> Told:
    """Duplicates by name: records other than the one that stays; those of one mailbox left out."""
    groups = pd.DataFrame(alike(ground_of(crm), limit)[0].to_pyarrow().to_pydict())
    groups["person"] = crm.persons[groups[LINE].to_numpy(dtype=int) - 2]
    stays = groups[groups[STAYS] == "yes"].set_index(GROUP).person
    others = groups[groups[STAYS] == "no"]
    right = others[others.person == others[GROUP].map(stays)]
    rows = pd.DataFrame({"line": range(2, len(crm.persons) + 2), "person": crm.persons})
    copies = rows[rows.person != rows.index]
    true = copies[~copies.line.isin(crm.bad.get("dup_exact_email", set()))]
    # The record that stays may be the copy.
    of_persons = right.person.isin(set(true.person))
    return Told("dup_fuzzy", len(true), len(others), int(of_persons.sum()))


def ground_of(crm: Crm) -> Ground:
    """The CRM as an audit reads it."""
    return Ground(engine(**crm.frames), Settings(today=TODAY))
