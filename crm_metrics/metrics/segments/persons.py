"""Who is who across kinds of rows: every key under which rows name a person, and the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.people import PEOPLE, person_of
from crm_metrics.store.remote.engine import RemoteEngine
from crm_metrics.store.together.record_keys import part_of_key

_NONE = ibis.null("int64")


@dataclass(frozen=True, slots=True)
class Persons:
    """All people of an engine's files.

    `keys`: key (INT64, as `key_of_person` makes it of a row) and person (INT64, one of the keys), a
    row a key. `nameless` counts the rows of each kind that name nobody, `silent` are the kinds
    whose rows name nobody at all.
    """

    keys: ir.Table
    people: int
    nameless: dict[str, int]
    silent: tuple[str, ...]


def local_part(engine: Engine) -> Engine | None:
    """The engine of the files: a set of people made there can't be asked of a data base."""
    return next((one for one in parts_of(engine) if not isinstance(one, RemoteEngine)), None)


def names_people(engine: Engine, grain: str) -> bool:
    """Whether rows of this kind say who they are about."""
    return not mapped_of(engine, grain).isdisjoint(PEOPLE)


def any_people(engine: Engine) -> bool:
    """Whether some rows of files may say who they are about."""
    part = local_part(engine)
    return part is not None and any(names_people(part, grain) for grain in grains_of(part))


def key_of_person(table: ir.Table) -> ir.IntegerValue:
    """The key of each row's person: a number made of the first of `PEOPLE` that it has, or null."""
    person = person_of(table)
    return ibis.ifelse(person.notnull(), person.hash(), _NONE)


def persons(engine: Engine) -> Persons | None:
    """The people of an engine's files, found once; None where no row names one.

    An e-mail, and a phone, that stands beside one customer id alone is that customer's wherever it
    stands; beside several it is a person of its own. So is a phone with an e-mail.
    """
    part = local_part(engine)
    return part.once("persons", lambda: _found(part)) if part else None


def _found(part: Engine) -> Persons | None:
    every = sorted(grains_of(part))
    grains = [grain for grain in every if names_people(part, grain)]
    if not grains:
        return None
    nameless: dict[str, int] = {}
    keys: list[ir.Table] = []
    for grain in grains:
        table, _ = ground(part, grain)
        rows = table.select(key=key_of_person(table))
        counted = part.saved(f"people_of_{grain}", rows.group_by("key").aggregate(n=rows.count()))
        line = counted.aggregate(n=counted.n.sum(where=counted.key.isnull())).to_pyarrow()
        nameless[grain] = int(line.to_pylist()[0]["n"] or 0)
        keys.append(counted.filter(counted.key.notnull()).select("key"))
    whole = ibis.union(*keys, distinct=True) if keys[1:] else keys[0]
    same = _same(part, grains)
    if same is None:
        named = whole.select("key", person=whole.key)
    else:
        joined = whole.left_join(same, whole.key == same.other)
        named = joined.select(key=whole.key, person=ibis.coalesce(same.person, whole.key))
    named = part.saved("persons", named)
    people = int(named.aggregate(n=named.person.nunique()).to_pyarrow().to_pylist()[0]["n"])
    if not people:
        return None
    silent = tuple(grain for grain in every if grain not in grains)
    return Persons(named, people, nameless, silent)


def _same(part: Engine, grains: Iterable[str]) -> ir.Table | None:
    """Keys that mean another person's: other, person; None where no row has two of them."""
    mapped = {grain: mapped_of(part, grain).intersection(PEOPLE) for grain in grains}
    several = [grain for grain, names in mapped.items() if len(names) > 1]
    if not several:
        return None
    pairs = []
    for grain in several:
        table, _ = ground(part, grain)
        pairs.append(table.select(**{name: _key(table, name) for name in PEOPLE}).distinct())
    beside = part.saved("people_beside", ibis.union(*pairs, distinct=True))
    of_email = _only(beside, "email", "customer_id")
    of_phone = _only(beside, "phone", "customer_id")
    by_email = _only(beside, "phone", "email")
    # A phone that no customer has is its e-mail's, and with it the customer's who has that.
    through = by_email.anti_join(
        beside.filter(beside.customer_id.notnull()), by_email.other == beside.phone
    )
    customer = of_email.select(mail="other", customer="person")
    joined = through.left_join(customer, through.person == customer.mail)
    third = joined.select(
        other=through.other, person=ibis.coalesce(customer.customer, through.person)
    )
    return part.saved("people_same", reduce(ibis.union, (of_email, of_phone, third)))


def _only(beside: ir.Table, other: str, person: str) -> ir.Table:
    """Keys that stand beside one single key of another field, and that key."""
    rows = beside.filter(beside[other].notnull() & beside[person].notnull())
    grouped = rows.group_by(other=rows[other]).aggregate(
        person=rows[person].min(), different=rows[person].nunique()
    )
    return grouped.filter(grouped.different == 1).select("other", "person")


def _key(table: ir.Table, name: str) -> ir.IntegerValue:
    """The key that `key_of_person` would give a row that has this field alone."""
    part = part_of_key(table, name)
    text = part if name == PEOPLE[0] else f"{name}:" + part
    return ibis.ifelse(part.notnull(), text.hash(), _NONE)
