"""Records that two data sets of a grain share, by the keys that the grain declares."""

from __future__ import annotations

from collections.abc import Sequence

from crm_metrics.schema import FIELDS, GRAINS
from crm_metrics.store.together.comparing import (
    Counts,
    counted,
    is_unique,
    one_export,
    one_system,
    shared_days,
)
from crm_metrics.store.together.overlap import How, Overlap
from crm_metrics.store.together.parts import Part
from crm_metrics.store.together.record_keys import KEYS, PERSON, WITNESSES, Key

_DATES = frozenset({"date", "ts", "sent_at", "started_at"})


def shared_records(first: Part, second: Part) -> Overlap | None:
    """What both have by the grain's keys, None where nothing; the second is the newer.

    Where neither has a key but both are of one export: records that are the same throughout, else
    only that the days are shared.
    """
    keyed = False
    for key in KEYS[first.facts.grain]:
        columns = _columns(key, first, second)
        if columns is None:
            continue
        keyed = True
        if not _holds(key, first, second):
            continue
        found = _by_key(first, second, *columns)
        if found is not None:
            return found
        if key.within == "system" and one_system(first, second):
            return None
    return None if keyed else _alike_throughout(first, second) or days_alone(first, second)


def _holds(key: Key, first: Part, second: Part) -> bool:
    """Whether the key means the same in both data sets."""
    if key.within == "report":
        return one_export(first, second)
    return key.within == "any" or one_system(first, second) is not False


def days_alone(first: Part, second: Part, *, doubt: str = "no_key") -> Overlap | None:
    """That two data sets of one export cover the same days: all that can be told without a key."""
    days = shared_days(first, second)
    if days is None or not one_export(first, second):
        return None
    return Overlap(
        grain=first.facts.grain,
        first=first.id,
        second=second.id,
        kind="period",
        only_first=first.facts.rows,
        only_second=second.facts.rows,
        period=days,
        doubt=doubt,
        default="both",
    )


def _alike_throughout(first: Part, second: Part) -> Overlap | None:
    """What two files with one header share, where whole rows tell the records of each apart."""
    if not one_export(first, second):
        return None
    columns = sorted(first.filled & second.filled)
    if not columns or not (is_unique(first, columns) and is_unique(second, columns)):
        return None
    identity = ["date"] if "date" in columns else columns[:1]
    beside = [name for name in columns if name not in identity]
    found = counted(first, second, identity, beside)
    # A few rows without a key can be the same by chance.
    if 2 * found.shared < min(first.facts.rows, second.facts.rows):
        return None
    return overlap_of(first, second, (identity, beside), found, None)


def overlap_of(
    first: Part,
    second: Part,
    key: tuple[Sequence[str], Sequence[str]],
    found: Counts,
    doubt: str | None,
) -> Overlap:
    """The overlap of records with this key; counted once unless something speaks against it."""
    only_first = first.facts.rows - found.shared
    is_version = one_export(first, second) and 2 * found.shared >= first.facts.rows and not doubt
    lost = first.filled.intersection(FIELDS) - second.filled
    whole = is_version and only_first == 0 and not lost
    default: How = "without_first" if whole else "once"
    if doubt:
        default = "both"
    return Overlap(
        grain=first.facts.grain,
        first=first.id,
        second=second.id,
        kind="records",
        key=tuple(key[0]),
        beside=tuple(key[1]),
        same=found.same,
        changed=found.changed,
        only_first=only_first,
        only_second=second.facts.rows - found.in_second,
        period=shared_days(first, second),
        measures=tuple(sorted(first.measures & second.measures)),
        lost=tuple(sorted(lost)),
        is_version=is_version,
        doubt=doubt,
        default=default,
    )


def _columns(key: Key, first: Part, second: Part) -> tuple[list[str], list[str]] | None:
    """The columns of a key that both data sets have; None where one lacks an identity."""
    both = first.filled & second.filled
    person = next((name for name in PERSON if name in both), None)
    identity = [person if name == "person" else name for name in key.identity]
    if not all(name in both for name in identity):
        return None
    beside = [person if name == "person" else name for name in key.beside]
    if not _one_day(first, second):
        both -= {"date"}
    return [name for name in identity if name], [
        name for name in dict.fromkeys(beside) if name in both and name not in identity and name
    ]


def _one_day(first: Part, second: Part) -> bool:
    """Whether the day of a record is that of one moment in both: guests register, then come."""
    days = {
        next((name for name in GRAINS[part.facts.grain].dated_by if name in _mapped(part)), "date")
        for part in (first, second)
    }
    return len(days) == 1 or "date" in days


def _mapped(part: Part) -> frozenset[str]:
    return part.filled.intersection(part.dataset.mapping.fields)


def _by_key(first: Part, second: Part, identity: list[str], beside: list[str]) -> Overlap | None:
    is_dated = not _DATES.isdisjoint([*identity, *beside])
    # Records of other days are other records, whatever their numbers.
    one_day = _one_day(first, second)
    if one_day and "date" in first.filled & second.filled and _apart(first, second):
        return None
    is_sent = first.facts.grain == "campaigns" and not one_system(first, second)
    if is_sent:
        witnesses = _messages(first, second)
    else:
        witnesses = () if is_dated else _witnesses(first, second, identity)
    found = counted(first, second, identity, beside, witnesses)
    # Orders 1, 2, 3 of two shops: with other days and other people they are other orders.
    if found.shared == 0 or (found.unlike == found.shared and not is_sent):
        return None
    doubt = None if is_dated and not witnesses else _doubt(first, second, found, witnesses)
    if doubt and is_sent and witnesses:
        doubt = "sent_differ"
    return overlap_of(first, second, (identity, beside), found, doubt)


def _messages(first: Part, second: Part) -> tuple[str, ...]:
    """How many messages a campaign was: two tools may each send a "Spring" to people of its own."""
    both = first.filled & second.filled
    return tuple(name for name in ("sent", "delivered") if name in both)[:1]


def _apart(first: Part, second: Part) -> bool:
    """Whether both are dated, and no day is in both."""
    known = first.facts.period and second.facts.period
    return bool(known) and shared_days(first, second) is None


def _witnesses(first: Part, second: Part, identity: list[str]) -> tuple[str, ...]:
    both = (first.filled & second.filled).difference(identity)
    if not _one_day(first, second):
        both -= {"date"}
    return tuple(name for name in WITNESSES if name in both)


def _doubt(first: Part, second: Part, found: Counts, witnesses: tuple[str, ...]) -> str | None:
    """What speaks against records with one id being the same: in two shops both begin at 1."""
    if witnesses:
        return None if 2 * found.alike >= found.shared else "ids_coincide"
    if 2 * found.same >= found.shared:
        return None
    if first.facts.grain == "attendance" and not _one_day(first, second):
        # The list of the registered and that of those who came.
        return None
    if first.facts.grain == "campaigns":
        # Without dates the reports of two months look like one report exported twice.
        return "no_dates"
    return None if one_export(first, second) else "ids_coincide"
