"""Two data sets of one grain beside each other: how many of their records have the same key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from crm_metrics.store.dataset import Dataset
from crm_metrics.store.together.parts import Part
from crm_metrics.store.together.record_keys import key_of

_NEAR = 0.2
"""Numbers of one thing, exported twice, differ by less than this share of the larger."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Records with a shared key: of the first data set by what became of them, and of the second.

    Witnesses do not change while a record stays the same: `alike` records differ in none of them,
    `unlike` ones in all.
    """

    same: int
    changed: int
    alike: int
    unlike: int
    in_second: int

    @property
    def shared(self) -> int:
        """The records of the first data set whose key the second has."""
        return self.same + self.changed


def counted(
    first: Part,
    second: Part,
    identity: Sequence[str],
    beside: Sequence[str],
    witnesses: Sequence[str] = (),
) -> Counts:
    """Compare the records of two data sets by a key; what both fill beside it is compared."""
    types, others = dict(first.rows.schema()), dict(second.rows.schema())
    filled = first.filled & second.filled
    names = sorted(filled.difference(identity, beside) or filled)
    compared = {name: types[name] == others[name] for name in names}
    one = _by_key(first, identity, beside, compared, witnesses)
    two = _by_key(second, identity, beside, compared, witnesses)
    both = one.inner_join(two, one.key == two.key, rname="{name}_2")
    is_same = (both.n == both.n_2) & (both.low == both.low_2) & (both.high == both.high_2)
    alike, unlike = _alike(both, len(witnesses))
    found = both.aggregate(
        shared=both.n.sum(),
        same=ibis.ifelse(is_same, both.n, 0).sum(),
        alike=ibis.ifelse(alike, both.n, 0).sum(),
        unlike=ibis.ifelse(unlike, both.n, 0).sum(),
        in_second=both.n_2.sum(),
    )
    row = {name: int(value or 0) for name, value in found.to_pyarrow().to_pylist()[0].items()}
    changed = row["shared"] - row["same"]
    return Counts(row["same"], changed, row["alike"], row["unlike"], row["in_second"])


def is_unique(part: Part, columns: Sequence[str]) -> bool:
    """Whether no two rows (but for one in a hundred) have the same values in these columns."""
    if not columns:
        return part.facts.rows <= 1
    return part.once(("distinct", *columns), lambda: _distinct(part, columns)) >= (
        0.99 * part.facts.rows
    )


def _distinct(part: Part, columns: Sequence[str]) -> int:
    keyed = part.rows.select(key=key_of(part.rows, (), columns))
    return int(keyed.key.nunique().to_pyarrow().as_py() or 0)


def shared_days(first: Part, second: Part) -> tuple[date, date] | None:
    """The days that the periods of both data sets have in common."""
    if first.facts.period is None or second.facts.period is None:
        return None
    start = max(first.facts.period[0], second.facts.period[0])
    end = min(first.facts.period[1], second.facts.period[1])
    return (start, end) if start <= end else None


def one_system(first: Part, second: Part) -> bool | None:
    """Whether both came from the same system; None where that of either is not known."""
    one, two = first.dataset.mapping.system, second.dataset.mapping.system
    return one == two if one and two else None


def differ_in_system(first: Dataset, second: Dataset) -> bool:
    """Whether both systems are known and are two."""
    one, two = first.mapping.system, second.mapping.system
    return bool(one and two) and one != two


def one_export(first: Part, second: Part) -> bool:
    """Whether both are the same report: the same export of a system, or the same header."""
    one, two = first.dataset.mapping, second.dataset.mapping
    known = bool(one.system) and (one.system, one.export) == (two.system, two.export)
    return known or one.fingerprint == two.fingerprint


def _by_key(
    part: Part,
    identity: Sequence[str],
    beside: Sequence[str],
    compared: Mapping[str, bool],
    witnesses: Sequence[str],
) -> ir.Table:
    """A row per key: how many records, the range of their contents, and their witnesses.

    `compared` are the columns of the contents, and whether they have one type in both data sets.
    """
    rows = part.rows
    contents = ibis.struct(
        {name: rows[name] if alike else _plain(rows[name]) for name, alike in compared.items()}
    ).hash()
    seen = {f"seen{at}": _plain(rows[name]) for at, name in enumerate(witnesses)}
    keyed = rows.select(key=key_of(rows, identity, beside), value=contents, **seen)
    keyed = keyed.filter(keyed.key.notnull())
    return keyed.group_by("key").aggregate(
        n=keyed.count(),
        low=keyed.value.min(),
        high=keyed.value.max(),
        **{name: keyed[name].max() for name in seen},
    )


def _plain(value: ir.Value) -> ir.Value:
    """The cell in a type that both data sets have it in."""
    if value.type().is_numeric():
        return value.cast("float64")
    return value.cast("string")


def _alike(both: ir.Table, witnesses: int) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Whether no witness differs, and whether every one does; a blank one differs from nothing."""
    if witnesses == 0:
        return ibis.literal(value=False), ibis.literal(value=False)
    differ = [_differs(both[f"seen{at}"], both[f"seen{at}_2"]) for at in range(witnesses)]
    return ~ibis.or_(*differ), ibis.and_(*differ)


def _differs(one: ir.Value, two: ir.Value) -> ir.BooleanValue:
    if one.type().is_numeric():
        found = (one - two).abs() > _NEAR * ibis.greatest(one.abs(), two.abs())
    else:
        found = one != two
    return found.fill_null(ibis.literal(value=False))
