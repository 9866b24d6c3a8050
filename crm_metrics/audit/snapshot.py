"""An audit to hold a later one against: keys, counts, shares and sums, and nothing of a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from crm_metrics.audit.catalogue import catalogue
from crm_metrics.audit.channel_change import Window
from crm_metrics.audit.keeping import as_file, in_file, read_kept, write_kept
from crm_metrics.audit.lists import plain
from crm_metrics.audit.model import (
    DAYS,
    Audit,
    Check,
    Finding,
    Inflow,
    Money,
    Passed,
    Settings,
    finding_id,
)
from crm_metrics.errors import InputError
from crm_metrics.metrics.ground import Engine, grains_of, mapped_of
from crm_metrics.schema import fields_of

_FOLDER = "audits"
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A finding as it was: what of how many, its share with Wilson's interval, sums at stake.

    `field` is the part of the grain that it is about, where that is a field. Any other part may be
    a person's name and is not kept; the id is made of it.
    """

    id: str
    check: str
    grain: str
    severity: int
    count: int
    base: int
    share: float
    low: float
    high: float
    money: Money = ()
    field: str = ""
    inflow: Inflow | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """A check that looked at so many rows and found nothing in a scope, whose id it has."""

    id: str
    check: str
    grain: str
    base: int
    inflow: Inflow | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The user's list of a field: how many values it has, and by what a changed one is known."""

    field: str
    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A check's thresholds, as (key, value): what its count depends on beside the data.

    A limit of the metrics that it counts by stands among them, in hours. `lists` are those that it
    holds values against.
    """

    check: str
    thresholds: tuple[tuple[str, float], ...] = ()
    lists: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An audit of a day; `rows` counts the rows of each grain, `fields` are those mapped in it."""

    today: date
    found: tuple[Measured, ...] = ()
    passed: tuple[Ran, ...] = ()
    rules: tuple[Rule, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    window: Window | None = None


def snapshot(
    engine: Engine,
    audit: Audit,
    *,
    checks: Sequence[Check] | None = None,
    window: Window | None = None,
) -> Snapshot:
    """The audit as a snapshot; `window` are the channels' metrics that go with it."""
    return Snapshot(
        today=audit.today,
        found=tuple(_measured(one) for one in audit.findings),
        passed=tuple(_ran(one) for one in audit.passed),
        rules=tuple(
            rule
            for rule in {
                check.key: _rule(check, audit.settings)
                for check in (catalogue() if checks is None else checks)
            }.values()
            if rule.thresholds or rule.lists
        ),
        rows=tuple((grain, int(count)) for grain, count in audit.rows.items()),
        fields=tuple(
            (grain, tuple(sorted(mapped_of(engine, grain)))) for grain in sorted(grains_of(engine))
        ),
        window=window,
    )


def _rule(check: Check, settings: Settings) -> Rule:
    lists = sorted(settings.lists.items()) if check.of_list else ()
    return Rule(
        check.key,
        thresholds=(
            *((one.key, settings.of(one)) for one in check.thresholds),
            *((one, getattr(settings.limits, one) / _HOUR) for one in check.limits),
        ),
        lists=tuple(_listed(field, values) for field, values in lists),
    )


def _listed(field: str, values: Iterable[str]) -> Listed:
    """A list without its values, whose order and case make no difference to the check."""
    known = sorted({plain(value) for value in values})
    return Listed(field, len(known), sha256("\n".join(known).encode()).hexdigest()[:12])


def _measured(finding: Finding) -> Measured:
    return Measured(
        id=finding.id,
        check=finding.check,
        grain=finding.grain,
        severity=finding.severity,
        count=int(finding.count),
        base=int(finding.base),
        share=float(finding.share),
        low=float(finding.low),
        high=float(finding.high),
        money=tuple((currency, float(amount)) for currency, amount in finding.money),
        field=finding.part if finding.part in fields_of(finding.grain) else "",
        inflow=finding.inflow,
    )


def _ran(passed: Passed) -> Ran:
    place = finding_id(passed.check, passed.scope)
    return Ran(place, passed.check, passed.grain, int(passed.base), passed.inflow)


def read_snapshots(folder: Path) -> tuple[Snapshot, ...]:
    """The snapshots kept in a workspace's folder, the latest first; damaged ones are left out."""
    files = sorted((folder / _FOLDER).glob("*.json"), reverse=True)
    return tuple(found for file in files if (found := read_kept(file, Snapshot)) is not None)


def write_snapshot(folder: Path, kept: Snapshot) -> None:
    """Keep a snapshot in a workspace's folder, in the place of an earlier one of its day."""
    write_kept(folder / _FOLDER / f"{kept.today.isoformat()}.json", kept)


def remove_snapshot(folder: Path, today: date) -> None:
    """Forget the snapshot of a day."""
    (folder / _FOLDER / f"{today.isoformat()}.json").unlink(missing_ok=True)


def snapshot_file(kept: Snapshot) -> bytes:
    """The snapshot as a JSON file to keep or to send."""
    return as_file(kept)


def snapshot_in(data: bytes, *, file: str) -> Snapshot:
    """The snapshot of a JSON file called `file`; raises as `keeping.in_file`."""
    found = in_file(data, Snapshot, file=file)
    if not DAYS[0] <= found.today <= DAYS[1]:
        raise InputError("audit_file", file=file)
    return found
