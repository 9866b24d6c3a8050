"""Who a row is about: the key by which people are counted once."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from crm_metrics.store.together.record_keys import PERSON as PEOPLE
from crm_metrics.store.together.record_keys import part_of_key

__all__ = ["PEOPLE", "person_of"]


def person_of(rows: ir.Table, columns: Sequence[str] = PEOPLE) -> ir.StringValue:
    """The person of each row, normalized: the first of the columns that it has, null without one.

    Ids and e-mails are folded, a phone is its last ten digits.
    """
    return ibis.coalesce(*(part_of_key(rows, name) for name in columns))
