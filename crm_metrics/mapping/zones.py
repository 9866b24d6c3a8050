"""The time zone of a table's times, where its export, a header or the lines above it say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from crm_metrics.intake.table import Table
from crm_metrics.mapping.model import Mapping
from crm_metrics.mapping.recognition.exports import known_export

UTC = "UTC"
_BRACKET = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_AHEAD = re.compile(r"(?:gmt|utc|msk|мск)\s*([+-])\s*(\d{1,2})(?::?00)?")
_MOSCOW = ("msk", "мск")
_MOSCOW_AHEAD = 3
_NAMES = {"gmt": UTC, "utc": UTC, "z": UTC} | dict.fromkeys(_MOSCOW, "Europe/Moscow")


def zone_of(mapping: Mapping, table: Table) -> str | None:
    """The zone that a table's times are written in; None where nothing says it.

    A header's bracket says it: "Created at (America/New_York)"; else the vendor's export, where
    all of its files are in UTC.
    """
    named = {zone for header in table.headers for zone in _in_brackets(header)}
    if len(named) == 1:
        return named.pop()
    export = None if named else known_export(mapping.system, mapping.export)
    return UTC if export and export.zone == "utc" else None


def zone_named(text: str) -> str | None:
    """The IANA name of a zone: "GMT+3", "MSK", "europe/moscow"; None where it is no zone.

    Zones that are ahead by a part of an hour have to be named in full.
    """
    name = text.strip().lower()
    if name in _NAMES:
        return _NAMES[name]
    if ahead := _AHEAD.fullmatch(name):
        hours = int(ahead[2]) * (1 if ahead[1] == "+" else -1)
        hours += _MOSCOW_AHEAD if name.startswith(_MOSCOW) else 0
        # POSIX counts the other way round.
        return UTC if hours == 0 else zones().get(f"etc/gmt{-hours:+d}")
    return zones().get(name.replace(" ", "_"))


@cache
def zones() -> dict[str, str]:
    """Every IANA zone of a place by its name in lower case."""
    return {name.lower(): name for name in available_timezones() if "/" in name}


def _in_brackets(header: str) -> Iterable[str]:
    found = (zone_named(inside) for inside in _BRACKET.findall(header))
    return (zone for zone in found if zone)
