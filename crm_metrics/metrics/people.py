"""Who a row is about: the key by which people are counted once."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.expressions import first_known
from crm_metrics.metrics.model import Limits
from crm_metrics.store.together.record_keys import PERSON as PEOPLE
from crm_metrics.store.together.record_keys import part_of_key

__all__ = ["PEOPLE", "PERSON", "key_of_person", "named_by", "nameless", "person_of"]

PERSON = "|".join(PEOPLE)
"""The fields that tell a person apart, the best first, as the units of a metric."""


def person_of(rows: ir.Table, columns: Sequence[str] = PEOPLE) -> ir.StringValue:
    """The person of each row, normalized: the first of the columns that it has, null without one.

    Ids and e-mails are folded, a phone is its last ten digits; what is in no column of `PEOPLE`
    stays as it is. Values of different columns never meet.
    """
    return first_known(*(named_by(rows, name, columns) for name in columns))


def named_by(rows: ir.Table, name: str, columns: Sequence[str] = PEOPLE) -> ir.StringValue:
    """The person of each row as one column alone would name them, null where it is blank."""
    part = part_of_key(rows, name) if name in PEOPLE else rows[name].cast("string")
    return part if name == columns[0] else f"{name}:" + part


def key_of_person(person: ir.StringValue) -> ir.IntegerValue:
    """A number for each person, as `person_of` names them; null for nobody, who has a hash too."""
    return ibis.ifelse(person.notnull(), person.hash(), ibis.null("int64"))


def nameless(table: ir.Table, _: Limits) -> ir.BooleanValue:
    """Whether nothing tells who the person of the row is."""
    return person_of(table).isnull()
