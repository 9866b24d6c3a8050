"""Categories with values that the user's own list of them does not have."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from crm_metrics.audit.conditions import blank
from crm_metrics.audit.ground import FILE, LINE, Ground, places, table_of
from crm_metrics.audit.lists import GRAINS, listable
from crm_metrics.audit.model import Check, Violations

# Letters by which a mistyped value may differ from the one that is meant.
_SLIPS, _LEAST_LETTERS = 2, 5


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
    own = own.mutate(listed=_plain(own.meant))
    own = own.group_by("listed").aggregate(meant=own.meant.min())
    written = rows.select("written").distinct()
    written = written.mutate(plain=_plain(written.written))
    same = written.left_join(own, written.plain == own.listed)
    same = same.select("written", "plain", known=same.listed.notnull())
    odd = same.filter(~same.known)
    pairs = odd.cross_join(own)
    slips = pairs.plain.levenshtein(pairs.listed)
    near = pairs.mutate(slips=slips).filter(
        (slips <= _SLIPS) & (pairs.plain.length() >= _LEAST_LETTERS)
    )
    first = ibis.row_number().over(ibis.window(group_by="written", order_by=["slips", "meant"]))
    best = near.mutate(place=first)
    best = best.filter(best.place == 0).select("written", suggestion="meant")
    return same.left_join(best, "written").select("written", "known", "suggestion")


def _plain(text: ir.StringValue) -> ir.StringValue:
    """As values are compared: case, ё and blanks make no difference."""
    return text.strip().lower().replace("ё", "е").re_replace(r"\s+", " ")


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
