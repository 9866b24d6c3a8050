"""Contacts with what their names, phones and e-mails are, read once for all checks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from babel import Locale

from crm_metrics.audit.cleaning.emails import read_emails
from crm_metrics.audit.cleaning.names import INCOMPLETE, read_names
from crm_metrics.audit.cleaning.phones import (
    FORM,
    SEVERAL,
    UNCLEAR,
    read_phones_of,
    usual_region,
)
from crm_metrics.audit.conditions import blank
from crm_metrics.audit.ground import Ground, places

NAME, PHONE, EMAIL = "full_name|first_name|last_name", "phone", "email"
_VALUE, _PLACE = "value", "place"
# What people write beside the names that Unicode has.
_ALSO = {"рф": "RU", "сша": "US", "usa": "US", "uk": "GB", "england": "GB", "оаэ": "AE"}


def names_of(ground: Ground) -> ir.Table:
    """The contacts that have a name: `value`, place, date, and the columns of `read_names`."""
    return _read(ground, NAME, person_name, lambda values, _: read_names(values))


def people_of(ground: Ground) -> ir.Table:
    """Those of `names_of` whose name is a person's, whole or not: no test, no "Customer"."""
    names = names_of(ground)
    return names.filter(names.verdict.isnull() | (names.verdict == INCOMPLETE))


def emails_of(ground: Ground) -> ir.Table:
    """The contacts that have an e-mail: place, date, and the columns of `read_emails`."""
    return _read(ground, EMAIL, lambda table: table.email, lambda values, _: read_emails(values))


def phones_of(ground: Ground) -> ir.Table:
    """The contacts that have a phone: place, date, and the columns of `read_phones`.

    A number without a code is of the contact's country, else of that of most numbers here.
    """
    return _read(ground, PHONE, lambda table: table.phone, _phones)


def may_be_dialled(phones: ir.Table) -> ir.BooleanValue:
    """Whether a phone of `phones_of` is a number, however it is written, or may be one."""
    return phones.verdict.isnull() | phones.verdict.isin((FORM, SEVERAL, UNCLEAR))


def person_name(table: ir.Table) -> ir.StringValue:
    """A contact's name as one text: the whole, else the first and the last; null where blank."""
    parts = [
        ibis.ifelse(blank(table[name]), ibis.null("string"), table[name].cast("string").strip())
        for name in ("full_name", "first_name", "last_name")
    ]
    both = ibis.literal(" ").join([parts[1], parts[2]])
    return ibis.coalesce(parts[0], both, parts[1], parts[2])


def region_of(country: str | None) -> str | None:
    """The ISO 3166 code of a country as people write it in Russian or English; None if unknown."""
    return _regions().get(country.strip().lower()) if country else None


def _read(
    ground: Ground,
    need: str,
    value: Callable[[ir.Table], ir.Value],
    read: Callable[[pa.Array, pa.Array], pa.Table],
) -> ir.Table:
    """Contacts that have the value, with what was read of it; each different value is read once."""
    name = f"audit_contacts_{need.partition('|')[0]}"

    def made() -> ir.Table:
        table = ground.rows_with("contacts", need)
        # Of an e-mail and a name it says nothing.
        told = need == PHONE and ground.has("contacts", "country")
        country = table.country.cast("string") if told else ibis.null("string")
        own = table.select(
            **places(table),
            date=table.date,
            value=value(table).cast("string"),
            place=country.fill_null(""),
        )
        # Different ones first: there are fewer. The join then leaves out what is blank.
        each = own.select(_VALUE, _PLACE).distinct()
        distinct = each.filter(~blank(each.value)).to_pyarrow()
        keys = {one: distinct[one].combine_chunks() for one in (_VALUE, _PLACE)}
        answer = read(keys[_VALUE], keys[_PLACE])
        known = pa.table(keys | dict(zip(answer.column_names, answer.columns, strict=True)))
        kept = ground.engine.saved(f"{name}_read", ibis.memtable(known))
        joined = own.inner_join(kept, [_VALUE, _PLACE])
        # A million addresses are told again by their mailbox: what is held here is held in memory.
        dropped = (_PLACE,) if need == NAME else (_PLACE, _VALUE)
        return ground.engine.saved(name, joined.drop(*dropped))

    return ground.engine.once(name, made)


def _phones(values: pa.Array, countries: pa.Array) -> pa.Table:
    usual = usual_region(values)
    regions = {one: region_of(one) or usual for one in countries.unique().to_pylist()}
    of_each = pa.array([regions[one] for one in countries.to_pylist()], pa.string())
    return read_phones_of(values, of_each)


@cache
def _regions() -> dict[str, str]:
    found = dict(_ALSO)
    for language in ("en", "ru"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(name.lower(), code)
                found.setdefault(code.lower(), code)
    return found
