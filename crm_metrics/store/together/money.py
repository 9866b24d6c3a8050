"""Currencies of several data sets: which there are, and amounts at the rates the user typed."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from crm_metrics.schema import fields_of, kind_of
from crm_metrics.store.dataset import Dataset, with_facts
from crm_metrics.store.together.parts import Part, opened

_MOST = 50


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in the currency shown, and when that was typed."""

    currency: str
    worth: float
    entered: date


@dataclass(frozen=True, slots=True)
class Money:
    """The currency that amounts are shown in (None: each in its own), and the rates to it."""

    currency: str | None = None
    rates: tuple[Rate, ...] = field(default=())

    def with_rate(self, rate: Rate | None, currency: str) -> Money:
        """A copy in which a currency has this rate, or none again."""
        others = tuple(one for one in self.rates if one.currency != currency)
        return replace(self, rates=(*others, rate) if rate else others)

    @property
    def worth(self) -> dict[str, float]:
        """The rate of each currency that is converted."""
        return {one.currency: one.worth for one in self.rates if one.currency != self.currency}


@dataclass(frozen=True, slots=True)
class Amounts:
    """The currencies of a data set's amounts; `unknown` where some amount has none."""

    dataset: str
    currencies: tuple[str, ...]
    unknown: bool


def amounts_of(
    datasets: Sequence[Dataset], known: MutableMapping[str, Amounts | None] | None = None
) -> list[Amounts]:
    """The currencies of every data set that has amounts, in the order of the data sets.

    `known` remembers what was found, by the facts' file.
    """
    found = {} if known is None else known
    ready = with_facts(datasets)
    absent = [item for item in ready if item.facts and str(item.facts.path) not in found]
    if absent:
        with opened(absent) as parts:
            for item in absent:
                assert item.facts
                found[str(item.facts.path)] = _amounts(parts[item.id])
    every = [found[str(item.facts.path)] for item in ready if item.facts]
    return [amounts for amounts in every if amounts is not None]


def converted(part: Part, money: Money) -> Part:
    """The part with its amounts in the currency shown, as far as there are rates."""
    names = _money(part)
    if not (money.currency and money.worth and names):
        return part
    rows, own = part.rows, part.rows.currency
    pairs = [(own == code, worth) for code, worth in sorted(money.worth.items())]
    factor = ibis.cases(*pairs, else_=1.0)
    known = ibis.cases(
        *((own == code, money.currency) for code, _ in sorted(money.worth.items())), else_=own
    )
    amounts = {name: rows[name] * factor for name in names}
    return replace(part, rows=rows.mutate(**amounts, currency=known))


def _amounts(part: Part) -> Amounts | None:
    names = _money(part)
    if not names:
        return None
    rows = part.rows
    rows = rows.filter(reduce(or_, (_is_amount(rows[name]) for name in names)))
    codes = rows.select("currency").distinct().limit(_MOST).to_pyarrow().column(0).to_pylist()
    if not codes:
        return None
    return Amounts(part.id, tuple(sorted(code for code in codes if code)), None in codes)


def _is_amount(value: ir.Value) -> ir.BooleanValue:
    return (value.notnull() & (value != 0)).fill_null(ibis.literal(value=False))


def _money(part: Part) -> list[str]:
    """The filled fields that are amounts."""
    grain = part.facts.grain
    own = part.filled.intersection(fields_of(grain))
    return sorted(name for name in own if kind_of(name, grain) == "money")
