"""Totals of data sets of different grains that should agree: compared, never corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from crm_metrics.schema import kind_of
from crm_metrics.store.together.comparing import one_system, shared_days
from crm_metrics.store.together.overlap import Overlap, Total
from crm_metrics.store.together.parts import Part
from crm_metrics.store.together.record_keys import PERSON, part_of_key

Sum = Callable[[Part, ir.Table], "ir.Value | None"]
"""What a fine data set's rows add up to, None where it lacks a column for it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two grains that tell of the same things: the coarse one's measures, summed over the fine's.

    `by_campaign` compares the campaigns that both have, else the days.
    """

    coarse: str
    fine: str
    sums: Mapping[str, Sum]
    by_campaign: bool


def _flag(field: str) -> Sum:
    def sum_(part: Part, rows: ir.Table) -> ir.Value | None:
        return rows[field].sum() if field in part.filled else None

    return sum_


def _rows(_: Part, rows: ir.Table) -> ir.Value:
    return rows.count()


def _people(event: str) -> Sum:
    """How many people (else messages) an event of a log happened to, in each campaign once."""

    def sum_(part: Part, rows: ir.Table) -> ir.Value | None:
        name = next((one for one in (*PERSON, "message_id") if one in part.filled), None)
        if name is None or "event_type" not in part.filled:
            return None
        whom = part_of_key(rows, name) + "\x1f" + rows["__campaign"]
        return whom.nunique(where=rows.event_type == event)

    return sum_


def _won(part: Part, rows: ir.Table) -> ir.Value | None:
    """The amount of the deals that were won."""
    if not part.filled >= {"status", "amount"}:
        return None
    return rows.amount.sum(where=rows.status == "won")


_TO_CAMPAIGNS: dict[str, tuple[str, str]] = {
    "delivered": ("delivered", "delivered"),
    "opens_unique": ("opened", "open"),
    "clicks_unique": ("clicked", "click"),
    "unsubscribes": ("unsubscribed", "unsubscribe"),
    "bounces": ("bounced", "bounce"),
    "complaints": ("complained", "complaint"),
}
_AMOUNT: dict[str, Sum] = {"orders": _rows, "revenue": _flag("amount")}

PAIRS: tuple[Pair, ...] = (
    Pair(
        "campaigns",
        "recipients",
        {"sent": _rows} | {key: _flag(flag) for key, (flag, _) in _TO_CAMPAIGNS.items()},
        by_campaign=True,
    ),
    Pair(
        "campaigns",
        "events",
        {"sent": _people("sent")} | {key: _people(e) for key, (_, e) in _TO_CAMPAIGNS.items()},
        by_campaign=True,
    ),
    Pair("traffic", "orders", _AMOUNT, by_campaign=False),
    Pair("spend", "orders", _AMOUNT, by_campaign=False),
    Pair("orders", "deals", {"amount": _won}, by_campaign=False),
)


# Advertising brings a part of all orders: only more than all of them is worth a word.
_A_PART = frozenset({"spend"})
_NEAR = 0.02
_A_PART_OF_ALL = 0.05


def pair_of(coarse: str, fine: str) -> Pair | None:
    """The pair of these grains, None where their totals need not agree."""
    return next((one for one in PAIRS if (one.coarse, one.fine) == (coarse, fine)), None)


def reconciled(coarse: Part, fine: Part) -> Overlap | None:
    """The totals of two data sets over what both tell of, None where that is nothing.

    The coarse data set is the first of the overlap, which gives way where counted once.
    """
    pair = pair_of(coarse.facts.grain, fine.facts.grain)
    if pair is None:
        return None
    return _by_campaign(pair, coarse, fine) if pair.by_campaign else _by_day(pair, coarse, fine)


def _by_campaign(pair: Pair, coarse: Part, fine: Part) -> Overlap | None:
    both = coarse.filled & fine.filled
    key = next((name for name in ("campaign_id", "campaign_name") if name in both), None)
    if key is None or one_system(coarse, fine) is False:
        return None
    ours = coarse.rows.mutate(__campaign=part_of_key(coarse.rows, key))
    theirs = fine.rows.mutate(__campaign=part_of_key(fine.rows, key))
    ours, theirs = ours.semi_join(theirs, "__campaign"), theirs.semi_join(ours, "__campaign")
    shared = int(ours["__campaign"].nunique().to_pyarrow().as_py() or 0)
    totals = _totals(pair, (coarse, ours), (fine, theirs)) if shared else ()
    if not totals:
        return None
    return Overlap(
        grain=coarse.facts.grain,
        first=coarse.id,
        second=fine.id,
        kind="finer",
        key=(key,),
        same=shared,
        measures=tuple(total.field for total in totals),
        totals=totals,
        doubt=_doubt(totals),
    )


def _doubt(totals: Sequence[Total]) -> str | None:
    """Whether the finer data set holds only a part of the messages: those who clicked, say."""
    sizes = (total for total in totals if total.field in {"sent", "delivered"})
    size = next(sizes, None)
    is_part = size is not None and size.second < (1 - _A_PART_OF_ALL) * size.first
    return "partly" if is_part else None


def _by_day(pair: Pair, coarse: Part, fine: Part) -> Overlap | None:
    days = shared_days(coarse, fine)
    if days is None or "date" not in coarse.filled & fine.filled:
        return None
    totals = _totals(pair, (coarse, _within(coarse.rows, days)), (fine, _within(fine.rows, days)))
    claimed = any(total.first > total.second and not total.agrees(_NEAR) for total in totals)
    if not totals or (pair.coarse in _A_PART and not claimed):
        return None
    return Overlap(
        grain=coarse.facts.grain,
        first=coarse.id,
        second=fine.id,
        kind="totals",
        period=days,
        totals=totals,
        default="both",
    )


def _within(rows: ir.Table, days: tuple[date, date]) -> ir.Table:
    return rows.filter(rows.date.between(ibis.literal(days[0]), ibis.literal(days[1])))


def _totals(
    pair: Pair, coarse: tuple[Part, ir.Table], fine: tuple[Part, ir.Table]
) -> tuple[Total, ...]:
    """The measures that both have; amounts only where both are in one currency."""
    (one, ours), (two, theirs) = coarse, fine
    fields = [name for name in pair.sums if name in one.filled]
    if any(kind_of(name, one.facts.grain) == "money" for name in fields) and not (
        _currency(ours) == _currency(theirs) and len(_currency(ours)) == 1
    ):
        fields = [name for name in fields if kind_of(name, one.facts.grain) != "money"]
    sums = {name: pair.sums[name](two, theirs) for name in fields}
    sums = {name: value for name, value in sums.items() if value is not None}
    if not sums:
        return ()
    first = ours.aggregate(**{name: ours[name].sum() for name in sums}).to_pyarrow()
    second = theirs.aggregate(**sums).to_pyarrow()
    return tuple(
        Total(name, float(a or 0), float(b or 0))
        for name in sums
        for a, b in [(first[name][0].as_py(), second[name][0].as_py())]
        # A log that holds no such event is not one in which nothing happened.
        if b
    )


def _currency(rows: ir.Table) -> set[str | None]:
    found = rows.select("currency").distinct().limit(3).to_pyarrow()
    return set(found.column(0).to_pylist())
