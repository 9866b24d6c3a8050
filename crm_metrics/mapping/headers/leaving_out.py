"""Which concepts of a header add nothing beside a field, and on which grains."""

from __future__ import annotations

from functools import cache

from crm_metrics.mapping.headers.wording import thesaurus
from crm_metrics.schema import FIELDS, GRAINS, Kind

Grains = frozenset[str]


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSONS = _keys(
    "customer contact user person recipient requester subscriber visitor respondent attendee"
)
_ALL: Grains = frozenset(GRAINS)
_NONE: Grains = frozenset()
_PLACES = frozenset({"country", "region", "city"})
_OF_A_PERSON = _PLACES | _keys(
    "email phone full_name first_name last_name company language customer_id comment score"
    " consent email_status"
)
_NAMED = _PLACES | _keys(
    "owner agent team company campaign_name pipeline stage source channel platform product"
    " category segment account event_name adset_name ad_name title contact_name status page"
    " variant"
)
_TITLED = _keys("title campaign_name event_name text subject ad_name")
_BY_CLICK = frozenset({"clicks", "clicks_unique", "clicks_total"})
_AVERAGED = frozenset({"cpc", "cpa", "pages_per_session"})
# What has numbers of its own: the number of an order is no count of orders.
_NUMBERED = _keys("orders posts conversations events users sessions leads")
# These belong to what the row is: the status of an order says nothing of a deal's.
_BOUND = _keys("created_at updated_at closed_at unsubscribed_at status owner title tags type")
_THINGS = _keys("deal order ticket conversation call lead request invoice transaction")
_ROWS = _THINGS | _keys("post campaign letter adset ad survey attendee webinar task session")
# Beside a thing, its date or time is a field of its own.
_BARE = frozenset({"date", "time"})
_SOLD = _keys("deals orders")
# What a file or a sheet is called: narrower than what a header beside others may speak of.
_TITLES: dict[str, Grains] = {
    **dict.fromkeys(("order", "invoice", "transaction"), _keys("orders")),
    **dict.fromkeys(("customer", "contact", "subscriber"), _keys("contacts")),
    "user": _keys("contacts staff"),
    **dict.fromkeys(("agent", "manager"), _keys("staff")),
    **dict.fromkeys(("campaign", "letter"), _keys("campaigns")),
    **dict.fromkeys(("ticket", "conversation"), _keys("conversations")),
    **dict.fromkeys(("survey", "respondent"), _keys("surveys")),
    **dict.fromkeys(("attendee", "webinar"), _keys("attendance")),
    **dict.fromkeys(("task", "activity"), _keys("activities")),
    **dict.fromkeys(("session", "visitor"), _keys("traffic")),
    "recipient": _keys("recipients"),
    "lead": _keys("contacts deals"),
    "deal": _keys("deals"),
    "call": _keys("calls"),
    "post": _keys("posts"),
    "ad": _keys("spend"),
}
_NO_THING = _keys("user person email message activity")


def _of_kinds(*kinds: Kind) -> frozenset[str]:
    return frozenset(key for key, field in FIELDS.items() if field.kind in kinds)


_COUNTS = _of_kinds("count")
_AMOUNTS = _of_kinds("count", "money", "duration")
_MOMENTS = _of_kinds("timestamp")
_LENGTHS = _of_kinds("duration")
# The fields beside which a concept adds nothing, whatever a row is.
_BESIDE: dict[str, frozenset[str]] = {
    **dict.fromkeys(PERSONS, _OF_A_PERSON),
    # A rating of a member is the list's, not the member's.
    "member": _OF_A_PERSON - {"score"},
    "main": _OF_A_PERSON
    | _MOMENTS
    | _AVERAGED
    | _keys("owner agent team status stage lifecycle_stage"),
    "count": _COUNTS | _LENGTHS,
    "total": _AMOUNTS,
    "amount": _AMOUNTS,
    "average": _AVERAGED,
    "name": _NAMED,
    "title": _TITLED,
    "time": _LENGTHS,
    "1": _OF_A_PERSON | _AVERAGED,
    "id": (_COUNTS - _NUMBERED) | _PLACES | {"currency", "language"},
    "link": _BY_CLICK,
    "net": frozenset({"revenue", "amount"}),
    "shipping": _PLACES,
    "deliver": _PLACES,
    "paid": frozenset({"currency"}),
    "way": frozenset({"channel", "phone"}),
    "related": frozenset({"company", "contact_name", "product"}),
    "address": _PLACES | {"email", "first_name", "last_name", "phone"},
    "caller": _PLACES,
    "location": _PLACES,
}
_BESIDE_ON: dict[tuple[str, str], Grains] = {
    ("average", "score"): frozenset({"support_stats"}),
    # One call has no average.
    **{("average", key): _ALL - {"calls"} for key in _LENGTHS},
    **{("post", key): _NONE for key in ("followers", "followers_gained", "followers_lost")},
    **{("paid", key): frozenset({"spend"}) for key in _COUNTS},
    **{
        ("campaign", key): _NONE
        for key in ("adset_name", "adset_id", "ad_name", "ad_id", "period_end")
    },
    **{(thing, key): _NONE for thing in _THINGS for key in _PLACES},
    **{(thing, "source"): _ALL for thing in _THINGS | PERSONS},
    **{("video", key): frozenset({"posts"}) for key in FIELDS if key not in _COUNTS},
}


@cache
def grains_without(concept: str, field: str) -> Grains:
    """The grains on which the concept adds nothing to the field's name."""
    if field in _BESIDE.get(concept, _NONE):
        return _ALL
    if field in _BARE:
        return _NONE
    return _BESIDE_ON.get((concept, field), thesaurus().entities.get(concept, _NONE))


def grains_of(found: frozenset[str], field: str) -> Grains:
    """The grains on which a header that names a thing can mean the field, by that thing."""
    if field == "amount" and "deal" in found:
        return _SOLD
    if field not in _BOUND:
        return _ALL
    things = found - _NO_THING
    things = things - PERSONS if things & _THINGS else things
    named = [grains for concept in things if (grains := thesaurus().entities.get(concept))]
    return frozenset.intersection(*named) if named else _ALL


def row_named_by(found: frozenset[str]) -> frozenset[str]:
    """The grains whose rows are the things that a header names, or that its words speak for."""
    known = thesaurus()
    named = (known.entities.get(concept, _NONE) for concept in found & _ROWS)
    spoken_for = (known.signs.get(concept, _NONE) for concept in found)
    return _NONE.union(*named, *spoken_for)


def rows_titled(found: frozenset[str]) -> frozenset[str]:
    """The grains of the tables that are called by these words."""
    return _NONE.union(*(_TITLES.get(concept, _NONE) for concept in found))


def beside_a_thing(found: frozenset[str]) -> bool:
    """Whether a thing is named that persons have, so that the person adds nothing."""
    return bool(found & _THINGS)


def droppable(concept: str) -> bool:
    """Whether there is any field beside which the concept may be left out."""
    return concept in _BESIDE or concept == "video" or concept in thesaurus().entities
