"""Opens and clicks that no person made: by mail programs, and by scanners of links.

A mail program that hides its user (Apple's Mail Privacy Protection) fetches the pictures of every
message, with the bare user agent "Mozilla/5.0" (ClickDimensions). A scanner follows several links
of a message at once: three different links within two seconds, or two of which one unsubscribes.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

BURST_LINKS = 3
BURST_MS = 2000

_BARE = "mozilla/5.0"
# "cubot" is a brand of phones.
_SCANNERS = (
    r"barracuda|mimecast|proofpoint|safelinks|symantec|fireeye|trendmicro|forcepoint|sophos"
    r"|(^|[^u])bot[^a-z]|(^|[^u])bot$|crawler|spider|scanner|headlesschrome|phantomjs"
    r"|python-requests|python-urllib|aiohttp|^curl/|^wget/|go-http-client|^java/|libwww-perl"
)
_UNSUBSCRIBE = r"unsub|opt-?out|otpis|отпис"


def open_by_machine(opens: ir.Table) -> ir.BooleanValue:
    """Whether a machine made the open; null where the user agent is not known."""
    agent = opens.agent.strip().lower()
    return (agent == _BARE) | agent.re_search(_SCANNERS)


def judged_clicks(clicks: ir.Table, key: Sequence[str]) -> ir.Table:
    """The clicks with `machine`: whether a machine made it, null where that can't be told.

    Columns read: those of `key` (a message to a person), `mailing` (the messages with the same
    links), `place`, `agent`, `link` and `ms` (BIGINT). Of a mailing with a single link only a
    scanner's user agent tells anything.
    """
    links = clicks.filter(clicks.link.notnull())
    by_mailing = links.group_by(place_="place", mailing_="mailing").aggregate(
        links=links.link.nunique(), leaves=_leaves(links.link).any()
    )
    several = by_mailing.filter(_is_burst(by_mailing.links, by_mailing.leaves))
    moments = _burst_moments(links, key)
    marked = clicks.left_join(
        several, [clicks.place == several.place_, clicks.mailing == several.mailing_]
    )
    marked = marked.select(*(marked[name] for name in clicks.columns), several=marked.mailing_)
    joined = marked.left_join(
        moments,
        [*(marked[name] == moments[f"{name}_"] for name in key), marked.ms == moments.ms_],
    )
    scanner = joined.agent.strip().lower().re_search(_SCANNERS)
    machine = ibis.cases(
        (joined.ms_.notnull(), True),
        (scanner.fill_null(ibis.literal(value=False)), True),
        (joined.several.notnull() & joined.link.notnull(), False),
        else_=ibis.null("boolean"),
    )
    return joined.select(*(joined[name] for name in clicks.columns), machine=machine)


def _leaves(link: ir.StringValue) -> ir.BooleanValue:
    return link.lower().re_search(_UNSUBSCRIBE)


def _is_burst(links: ir.IntegerValue, leaves: ir.BooleanValue) -> ir.BooleanValue:
    return (links >= BURST_LINKS) | ((links >= BURST_LINKS - 1) & leaves)


def _burst_moments(clicks: ir.Table, key: Sequence[str]) -> ir.Table:
    """The moments within bursts, as `<key>_` and `ms_`.

    Clicks meet those of their own two seconds and the next alone, so that many clicks of one person
    cost no more than they are.
    """
    names = list(key)
    several = clicks.group_by(names).aggregate(links=clicks.link.nunique())
    several = several.filter(several.links >= BURST_LINKS - 1)
    some = clicks.semi_join(several, names).select(*names, "ms", "link").distinct()
    starts = some.select(*(some[name].name(f"{name}_") for name in names), start=some.ms)
    starts = _in_slots(starts.distinct(), starts.columns)
    placed = some.mutate(slot=_slot(some.ms))
    near = [
        *(placed[name] == starts[f"{name}_"] for name in names),
        placed.slot == starts.slot_,
        placed.ms >= starts.start,
        placed.ms <= starts.start + BURST_MS,
    ]
    met = placed.inner_join(starts, near)
    windows = met.group_by([*(f"{name}_" for name in names), "start"]).aggregate(
        links=met.link.nunique(), leaves=_leaves(met.link).any()
    )
    bursts = windows.filter(_is_burst(windows.links, windows.leaves))
    bursts = _in_slots(bursts, [*(f"{name}_" for name in names), "start"])
    within = placed.inner_join(
        bursts,
        [
            *(placed[name] == bursts[f"{name}_"] for name in names),
            placed.slot == bursts.slot_,
            placed.ms >= bursts.start,
            placed.ms <= bursts.start + BURST_MS,
        ],
    )
    return within.select(
        *(within[name].name(f"{name}_") for name in names), ms_=within.ms
    ).distinct()


def _in_slots(windows: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Each window twice: in the slot of its start and in the next, which it reaches into."""
    own = windows.select(*columns, slot_=_slot(windows.start))
    return own.union(own.mutate(slot_=own.slot_ + 1))


def _slot(ms: ir.IntegerValue) -> ir.IntegerValue:
    return (ms // BURST_MS).cast("int64")
