"""Duplicates as lists: group, tier, why, and which record stays."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from crm_metrics.audit.duplicates.blocking import Ints, runs
from crm_metrics.audit.duplicates.grouping import Groups
from crm_metrics.audit.duplicates.matching import TIERS, WHYS, Matches, matches
from crm_metrics.audit.duplicates.records import NONE, Records, records
from crm_metrics.audit.ground import FILE, LINE, Ground

GROUP, TIER, STAYS, WHY = "group", "tier", "survivor", "why"
SAME_MAILBOX: Final = 0


def same_value(ground: Ground, kind: str) -> tuple[ir.Table, dict[str, float]]:
    """The contacts that share a mailbox or a phone with another, in groups, and their numbers."""
    found = records(ground)
    value = found.values[kind]
    has = np.flatnonzero(value != NONE)
    # The record that stays is the first of each value by rank.
    order = has[np.lexsort((found.rank[has], value[has]))]
    key = value[order]
    begins, sizes = runs(key)
    own = np.repeat(sizes > 1, sizes)
    stays = np.zeros(len(key), dtype=bool)
    stays[begins] = True
    group = np.cumsum(stays & own, dtype=np.int64)
    contact = order[own]
    rows = _rows(found, contact, group[own], stays[own], {})
    return _table(ground, f"audit_same_{kind}", rows), _numbers(group[own], contact)


def alike(ground: Ground, limit: int) -> tuple[ir.Table, dict[str, float]]:
    """The contacts that are one person with another, but not by the same e-mail alone."""
    found, told = records(ground), matched(ground, limit)
    groups = told.groups
    by_mail = (groups.pair < 0) | (told.why[np.maximum(groups.pair, 0)] == SAME_MAILBOX)
    new = np.unique(groups.group[~by_mail])
    kept = np.isin(groups.group, new)
    own = Groups(groups.contact[kept], groups.group[kept], groups.pair[kept])
    pair = np.maximum(own.pair, 0)
    tiers = np.array([*TIERS, ""])
    tier = np.where(own.pair < 0, len(TIERS), told.tier[pair] if len(told.tier) else 0)
    whys = np.where(own.pair < 0, "", np.array(WHYS)[told.why[pair]]) if len(pair) else tiers[:0]
    rows = _rows(
        found,
        own.contact,
        own.group,
        own.pair < 0,
        {TIER: tiers[tier].tolist(), WHY: whys.tolist()},
    )
    numbers = _numbers(own.group, own.contact)
    members = tier[own.pair >= 0]
    numbers |= {name: float((members == place).sum()) for place, name in enumerate(TIERS)}
    numbers |= {"skipped": not_compared(ground, limit)}
    return _table(ground, f"audit_alike_{limit}", rows), numbers


def groups(ground: Ground, limit: int) -> ir.Table:
    """The contacts of groups of one person, surely or likely: their place and `group`."""
    found, told = records(ground), matched(ground, limit)
    own = told.groups
    known = own.pair < 0
    if len(told.tier):
        known |= told.tier[np.maximum(own.pair, 0)] < TIERS.index("ask")
    rows = _rows(found, own.contact[known], own.group[known], own.pair[known] < 0, {})
    return _table(ground, f"audit_groups_{limit}", rows)


def not_compared(ground: Ground, limit: int) -> float:
    """How many contacts have a value that too many share, so that it compared none of them."""
    return float(matched(ground, limit).pairs.uncompared)


def matched(ground: Ground, limit: int) -> Matches:
    """The duplicates of all contacts, found once."""
    return ground.engine.once(f"audit_matches_{limit}", lambda: matches(records(ground), limit))


def _table(ground: Ground, name: str, rows: pa.Table) -> ir.Table:
    """Rows as a table of the engine."""
    return ground.engine.saved(name, ibis.memtable(rows))


def _rows(
    found: Records, contact: Ints, group: Ints, stays: np.ndarray, more: dict[str, list[str]]
) -> pa.Table:
    own = found.place.take(pa.array(contact))
    columns = {
        FILE: own[FILE],
        LINE: own[LINE],
        GROUP: pa.array(group, pa.int64()),
        STAYS: pa.array(np.where(stays, "yes", "no"), pa.string()),
    }
    for name, values in more.items():
        columns[name] = pa.array([one or None for one in values], pa.string())
    return pa.table(columns)


def _numbers(group: Ints, contact: Ints) -> dict[str, float]:
    groups = len(np.unique(group))
    return {"groups": float(groups), "surplus": float(len(contact) - groups)}
