"""Who is who across kinds of rows: every key under which rows name a person, and the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of
from crm_metrics.metrics.people import PEOPLE, key_of_person, named_by, person_of
from crm_metrics.store.remote.engine import RemoteEngine

_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True)
class Persons:
    """All people of an engine's files.

    `keys`: key (INT64, the `key_of_person` of a row) and person (INT64, one of the keys), a row
    a key. `names`, by kind of rows: name (as `name_of` reads it) and person, a row a name.
    `nameless` counts the rows of each kind that name nobody, `silent` are the kinds whose rows name
    nobody at all.
    """

    keys: ir.Table
    names: dict[str, ir.Table]
    people: int
    nameless: dict[str, int]
    silent: tuple[str, ...]


def local_part(engine: Engine) -> Engine | None:
    """The engine of the files: a set of people made there can't be asked of a data base."""
    return next((one for one in parts_of(engine) if not isinstance(one, RemoteEngine)), None)


def names_people(engine: Engine, grain: str) -> bool:
    """Whether rows of this kind say which customer they are about; those of staff never do."""
    return grain != "staff" and not mapped_of(engine, grain).isdisjoint(PEOPLE)


def any_people(engine: Engine) -> bool:
    """Whether some rows of files may say who they are about."""
    part = local_part(engine)
    return part is not None and any(names_people(part, grain) for grain in grains_of(part))


def name_of(engine: Engine, grain: str, table: ir.Table) -> ir.StringValue:
    """What the rows of a kind name their person by, as it is written.

    A key is made of each different name once: over millions of rows, and under a filter even more
    often than once a row, that would take most of the time.
    """
    texts = [table[name].cast("string") for name in _named_by(engine, grain)]
    if not texts[1:]:
        return texts[0]
    return ibis.literal(_BETWEEN).join([text.fill_null("") for text in texts])


def persons(engine: Engine) -> Persons | None:
    """The people of an engine's files, found once; None where no row names one.

    An e-mail, and a phone, that stands beside one customer id alone is that customer's wherever it
    stands; beside several it is a person of its own. So is a phone with an e-mail.
    """
    part = local_part(engine)
    return part.once("persons", lambda: _found(part)) if part else None


def _named_by(engine: Engine, grain: str) -> tuple[str, ...]:
    mapped = mapped_of(engine, grain)
    return tuple(name for name in PEOPLE if name in mapped)


def _found(part: Engine) -> Persons | None:
    every = sorted(grains_of(part))
    named = {grain: place for place, grain in enumerate(every) if names_people(part, grain)}
    if not named:
        return None
    names = _names(part, named)
    whole = names.filter(names.key.notnull()).select("key").distinct()
    same = _same(part, names, named)
    if same is None:
        people = whole.select("key", person=whole.key)
    else:
        joined = whole.left_join(same, whole.key == same.other)
        people = joined.select(key=whole.key, person=ibis.coalesce(same.person, whole.key))
    people = part.saved("persons", people)
    count = int(people.aggregate(n=people.person.nunique()).to_pyarrow().to_pylist()[0]["n"])
    if not count:
        return None
    told = names.group_by("kind").aggregate(n=names.n.sum(where=names.key.isnull()))
    nameless = {line["kind"]: int(line["n"] or 0) for line in told.to_pyarrow().to_pylist()}
    owners = part.saved(
        "person_by_name", names.inner_join(people, "key").select("kind", "name", "person")
    )
    return Persons(
        keys=people,
        names={
            grain: owners.filter(owners.kind == place).select("name", "person")
            for grain, place in named.items()
        },
        people=count,
        nameless={grain: nameless.get(place, 0) for grain, place in named.items()},
        silent=tuple(grain for grain in every if grain not in named),
    )


def _names(part: Engine, named: Mapping[str, int]) -> ir.Table:
    """The different names in rows of each kind: kind, name, n (rows), key, and their own columns.

    All kinds are read by one query: how a key is made takes longer to say than to do.
    """
    each = []
    for grain, place in named.items():
        table, _ = ground(part, grain)
        columns = {name: table[name].cast("string") for name in PEOPLE}
        rows = table.select(name=name_of(part, grain, table), **columns)
        grouped = rows.group_by("name").aggregate(
            n=rows.count(), **{name: rows[name].max() for name in PEOPLE}
        )
        each.append(grouped.mutate(kind=ibis.literal(place, "int64")))
    whole = ibis.union(*each) if each[1:] else each[0]
    return part.saved("names", whole.mutate(key=key_of_person(person_of(whole))))


def _same(part: Engine, names: ir.Table, named: Mapping[str, int]) -> ir.Table | None:
    """Keys that mean another person's: other, person; None where no row has two of them."""
    several = [place for grain, place in named.items() if len(_named_by(part, grain)) > 1]
    if not several:
        return None
    rows = names.filter(names.kind.isin(several))
    whole = rows.select(**{name: key_of_person(named_by(rows, name)) for name in PEOPLE}).distinct()
    beside = part.saved("people_beside", whole)
    of_email = _only(beside, "email", "customer_id")
    of_phone = _only(beside, "phone", "customer_id")
    by_email = _only(beside, "phone", "email")
    # A phone that no customer has is its e-mail's, and with it the customer's who has that.
    of_customers = beside.filter(beside.customer_id.notnull())
    through = by_email.anti_join(of_customers, by_email.other == of_customers.phone)
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
