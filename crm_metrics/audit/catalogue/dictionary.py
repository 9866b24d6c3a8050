"""Categories with values that the user's own list of them does not have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from crm_metrics.audit.conditions import blank, same_name
from crm_metrics.audit.ground import FILE, LINE, Ground, places, table_of
from crm_metrics.audit.lists import GRAINS, listable
from crm_metrics.audit.model import Check, Violations

# Letters by which a mistyped value may differ from the one that is meant.
_SLIPS, _LEAST_LETTERS = 2, 5
# So many different values get a suggestion: each is held against the whole list.
_MOST_ODD = 2000


def _outside(ground: Ground, grain: str) -> Iterator[Violations]:
    """Rows by field whose value is none of the list, with the value of the list that is nearest."""
    lists = ground.settings.lists
    own = [field for field in listable(grain) if field in lists and ground.has(grain, field)]
    if not own:
        yield ground.nothing(grain)
    for field in own:
        table = ground.rows_with(grain, field)
        rows = table.select(**places(table), date=table.date, written=table[field].cast("string"))
        rows = rows.filter(~blank(rows.written))
        values = _meant(rows, lists[field])
        found = rows.inner_join(values.filter(~values.known), "written")
        yield Violations(
            rows=found.select(FILE, LINE, "date", "suggestion", value="written"),
            base=rows.select("date"),
            scope=field,
        )


def _meant(rows: ir.Table, listed: tuple[str, ...]) -> ir.Table:
    """The values that rows have, once each: written, known, and `suggestion` of the list."""
    own = table_of([{"meant": one} for one in listed], meant=pa.string())
    own = own.mutate(plain=same_name(own.meant))
    own = own.group_by("plain").aggregate(meant=own.meant.min())
    written = rows.group_by("written").aggregate(n=rows.count())
    written = written.mutate(plain=same_name(written.written))
    listed_too = written.plain.isin(own.plain)
    same = written.select("written", "plain", "n", known=listed_too)
    near = _nearest(same.filter(~same.known), own)
    return same.left_join(near, "written").select("written", "known", "suggestion")


def _nearest(odd: ir.Table, own: ir.Table) -> ir.Table:
    """The value of the list that is nearest to each of the most frequent odd ones, if any is near.

    Letters are counted here: DuckDB counts bytes, of which a Russian letter has two.
    """
    long = odd.filter(odd.plain.length() >= _LEAST_LETTERS)
    asked = long.order_by(long.n.desc(), "written").limit(_MOST_ODD).to_pyarrow()
    listed = own.order_by("meant").to_pyarrow()
    found = []
    if len(asked) and len(listed):
        words = (asked["plain"].to_pylist(), listed["plain"].to_pylist())
        slips = cdist(*words, scorer=Levenshtein.distance, score_cutoff=_SLIPS, dtype=np.uint8)
        best, written = slips.argmin(axis=1), asked["written"].to_pylist()
        found = [
            {"written": written[row], "suggestion": listed["meant"][int(best[row])].as_py()}
            for row in np.flatnonzero(slips.min(axis=1) <= _SLIPS)
        ]
    return table_of(found, written=pa.string(), suggestion=pa.string())


CHECKS = tuple(
    Check(
        key="value_not_in_list",
        grain=grain,
        needs=(),
        severity=3,
        effort="S",
        rule=partial(_outside, grain=grain),
        of_list=True,
    )
    for grain in GRAINS
)
