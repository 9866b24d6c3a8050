"""Contacts as they are compared: a number for each different value, a position a contact."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crm_metrics.audit.cleaning.emails import is_free, is_role
from crm_metrics.audit.cleaning.reading import (
    EMAIL,
    NAME,
    PHONE,
    emails_of,
    people_of,
    phones_of,
)
from crm_metrics.audit.conditions import blank
from crm_metrics.audit.duplicates.blocking import Ints
from crm_metrics.audit.duplicates.name_keys import folded_word, name_tokens
from crm_metrics.audit.ground import FILE, LINE, Ground, places

NONE = -1
_FILL = (
    *("full_name", "first_name", "last_name", "email", "phone", "company", "city", "country"),
    *("source", "owner", "type"),
)
_WORD = re.compile(r"[^\W_]+")
_LEGAL = frozenset(
    (
        *("ооо", "оао", "зао", "пао", "ао", "ип", "тоо", "чп", "компания"),
        *("llc", "ltd", "inc", "gmbh", "ag", "corp", "co", "plc", "company"),
    )
)
_PLACE = frozenset(("г", "гор", "город", "city", "of"))
_SHORTEST_LOCAL = 5
_LINE_BITS = 40


@dataclass(frozen=True, slots=True)
class Names:
    """The different names: `of` each contact (NONE: none), and the words of each."""

    of: Ints
    tokens: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Records:
    """All contacts: `place` (ARROW: file, line), names, and by kind a value's number or NONE.

    The kinds are mailbox, meant (the mailbox, slips put right), phone, local (the part of an e-mail
    before "@", those are `locals_`), company, domain (of no free provider) and city. `rank` orders
    contacts by what stays: the most filled, then the one active last, then the oldest.
    """

    place: pa.Table
    names: Names
    values: dict[str, Ints]
    locals_: tuple[str, ...]
    rank: Ints

    def __len__(self) -> int:
        """How many contacts there are."""
        return len(self.rank)


def records(ground: Ground) -> Records:
    """The contacts of the files, with their values made comparable; read once."""
    return ground.engine.once("audit_records", lambda: _records(ground))


def _records(ground: Ground) -> Records:
    table = ground.table("contacts")
    told = table.select(
        **places(table),
        active=ibis.coalesce(table.last_activity_at, table.updated_at).cast("timestamp"),
        created=table.created_at.cast("timestamp"),
        filled=reduce(add, ((~blank(table[name])).cast("int8") for name in _FILL)),
        company=table.company.cast("string"),
        city=table.city.cast("string"),
    ).to_pyarrow()
    told = told.take(pc.sort_indices(told, sort_keys=[(FILE, "ascending"), (LINE, "ascending")]))
    # Tests and "Customer" are no namesakes.
    name = _beside(told, ground, NAME, people_of, "value")["value"]
    phone = _beside(told, ground, PHONE, phones_of, "e164")["e164"]
    mail = _beside(told, ground, EMAIL, emails_of, "mailbox", "meant")
    mailbox = mail["mailbox"]
    local, locals_ = _keyed(pc.replace_substring_regex(mailbox, "@.*$", ""), _local)
    domain = pc.replace_substring_regex(mailbox, "^.*@", "")
    values = {
        "mailbox": _numbers(mailbox),
        "meant": _numbers(pc.coalesce(mail["meant"], mailbox)),
        "phone": _numbers(phone),
        "local": local,
        "company": _numbers(told["company"], lambda text: _words(text, _LEGAL)),
        "domain": _numbers(domain, lambda text: None if is_free(text) else text),
        "city": _numbers(told["city"], lambda text: _words(text, _PLACE)),
    }
    return Records(
        place=told.select([FILE, LINE]),
        names=_names(name),
        values=values,
        locals_=locals_,
        rank=_rank(told),
    )


def _beside(
    told: pa.Table, ground: Ground, need: str, read: Callable[[Ground], ir.Table], *columns: str
) -> dict[str, pa.Array]:
    """Columns of what was read of contacts, in the order of `told`; null where nothing was."""
    if not ground.has("contacts", need):
        return {name: pa.nulls(len(told), pa.string()) for name in columns}
    own = read(ground).select(FILE, LINE, *columns).to_pyarrow()
    files = pc.unique(told[FILE])
    at = np.searchsorted(_key(told, files), _key(own, files))
    place = np.full(len(told), NONE)
    place[at] = np.arange(len(own))
    taken = pa.array(place, mask=place == NONE)
    return {name: own[name].combine_chunks().take(taken) for name in columns}


def _key(rows: pa.Table, files: pa.Array) -> Ints:
    """File and line as one number; files are in order, as are the lines of `told`."""
    file = pc.index_in(rows[FILE], value_set=files).to_numpy().astype(np.int64)
    return file << _LINE_BITS | rows[LINE].to_numpy()


def _names(column: pa.Array | pa.ChunkedArray) -> Names:
    codes, texts = _coded(column)
    of_each = [name_tokens(text) for text in texts]
    tokens = tuple(dict.fromkeys(one for one in of_each if one))
    known = {one: place for place, one in enumerate(tokens)}
    places_of = np.array([known.get(one, NONE) for one in of_each] + [NONE], dtype=np.int64)
    return Names(places_of[codes], tokens)


def _numbers(
    column: pa.Array | pa.ChunkedArray, key: Callable[[str], str | None] | None = None
) -> Ints:
    """A number for each different value (or its key), NONE where there is none."""
    return _keyed(column, key)[0] if key else _coded(column)[0]


def _keyed(
    column: pa.Array | pa.ChunkedArray, key: Callable[[str], str | None]
) -> tuple[Ints, tuple[str, ...]]:
    """The number of each value's key, and the keys in the order of their numbers."""
    codes, texts = _coded(column)
    known: dict[str, int] = {}
    found = [
        NONE if not (own := key(text)) else known.setdefault(own, len(known)) for text in texts
    ]
    return np.array([*found, NONE], dtype=np.int64)[codes], tuple(known)


def _coded(column: pa.Array | pa.ChunkedArray) -> tuple[Ints, list[str]]:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = pc.dictionary_encode(whole)
    codes = coded.indices.fill_null(NONE).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, coded.dictionary.to_pylist()


def _words(text: str, without: frozenset[str]) -> str | None:
    words = [word for word in _WORD.findall(text.lower()) if word not in without]
    return " ".join(map(folded_word, words)) or None


def _local(text: str) -> str | None:
    return text if len(text) >= _SHORTEST_LOCAL and not is_role(text) else None


def _rank(told: pa.Table) -> Ints:
    order = pc.sort_indices(
        told.select(["filled", "active", "created", FILE, LINE]),
        sort_keys=[
            ("filled", "descending"),
            ("active", "descending"),
            ("created", "ascending"),
            (FILE, "ascending"),
            (LINE, "ascending"),
        ],
    ).to_numpy()
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank
