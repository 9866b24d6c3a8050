"""How much of what is wrong the checks find, and how much of what they find is wrong."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass

import pandas as pd

from crm_metrics.audit import Check, Settings, audit, catalogue
from crm_metrics.audit.duplicates.finding import GROUP, STAYS, alike
from crm_metrics.audit.ground import LINE, Ground
from crm_metrics.audit.listing import listed
from tests.audit.crm import Crm, Kind
from tests.audit.made import TODAY, engine

NAMED_BY = {
    "owners": ("owner",),
    "users": ("owner",),
    "days_of_users": ("owner", "day"),
    "days": ("day",),
    "fields": ("field",),
    "stages": ("stage",),
    "channels": ("channel",),
    "surveys_kinds": ("survey",),
}
"""The columns that name what is found where it is no row of a file, by what is counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """How many there are in a scope, how many a check found, and how many of these are right.

    `base` is how many could have been found.
    """

    check: str
    scope: str
    true: int
    found: int
    right: int
    base: int = 0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return self.right / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """The share of what was found that there is."""
        return self.right / self.found if self.found else 1.0


def of_checks(crm: Crm, kinds: Collection[Kind]) -> list[Told]:
    """What these checks tell of each scope that they looked at, or that has something to find.

    What is below a check's own share to tell of (`Check.above`) is no finding. Raises
    AssertionError where a check could not be asked: the CRM proves nothing about it then.
    """
    ground = ground_of(crm)
    checks = {(one.key, one.grain): one for one in catalogue() if (one.key, one.grain) in kinds}
    assert set(checks) == set(kinds), set(kinds) - set(checks)
    # Duplicates by name are counted by person (`of_duplicates`).
    checks.pop(("dup_fuzzy", "contacts"), None)
    told = audit(ground.engine, ground.settings, checks=tuple(checks.values()))
    assert not told.not_run, told.not_run
    bad = {(one.check, one.scope) for one in told.findings}
    bases = {(one.check, one.scope): one.base for one in (*told.findings, *told.passed)}
    asked = set(bases)
    asked |= {(key, scope) for key, scope in crm.bad if (key, scope.partition(":")[0]) in checks}
    rows = []
    for key, scope in sorted(asked):
        check = checks[key, scope.partition(":")[0]]
        found = units_of(ground, check, scope) if (key, scope) in bad else set()
        true = crm.bad.get((key, scope), set())
        base = bases.get((key, scope), 0)
        rows.append(Told(key, scope, len(true), len(found), len(found & true), base))
    return rows


def units_of(ground: Ground, check: Check, scope: str) -> set[Hashable]:
    """The whole list of what a check found in a scope, each as its unit."""
    rows = listed(ground, check, scope)
    if LINE in rows.columns:
        return set(rows.select(LINE).to_pyarrow()[LINE].to_pylist())
    columns = NAMED_BY[check.counted]
    table = rows.select(*columns).to_pyarrow()
    values = [table[name].to_pylist() for name in columns]
    return set(values[0]) if len(columns) == 1 else set(zip(*values, strict=True))


def of_duplicates(crm: Crm, *, limit: int = 100) -> Told:
    """Duplicates by name: records other than the one that stays; those of one mailbox left out."""
    groups = pd.DataFrame(alike(ground_of(crm), limit)[0].to_pyarrow().to_pydict())
    groups["person"] = crm.persons[groups[LINE].to_numpy(dtype=int) - 2]
    stays = groups[groups[STAYS] == "yes"].set_index(GROUP).person
    others = groups[groups[STAYS] == "no"]
    right = others[others.person == others[GROUP].map(stays)]
    rows = pd.DataFrame({"line": range(2, len(crm.persons) + 2), "person": crm.persons})
    copies = rows[rows.person != rows.index]
    true = copies[~copies.line.isin(crm.bad.get(("dup_exact_email", "contacts"), set()))]
    # The record that stays may be the copy.
    of_persons = right.person.isin(set(true.person))
    return Told("dup_fuzzy", "contacts", len(true), len(others), int(of_persons.sum()))


def ground_of(crm: Crm) -> Ground:
    """The CRM as an audit reads it."""
    return Ground(engine(**crm.frames), Settings(today=TODAY, lists=crm.lists))
