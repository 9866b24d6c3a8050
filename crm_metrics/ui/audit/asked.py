"""What the Audit page asks of the data: the audit, the one to compare with, what is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import date, timedelta

from crm_metrics.audit import Audit, Settings, audit
from crm_metrics.audit.as_of import day_of_audit
from crm_metrics.audit.channel_change import Window, window_of
from crm_metrics.audit.checking import Told
from crm_metrics.audit.chosen import read_chosen
from crm_metrics.audit.gates import Gate, gates
from crm_metrics.audit.plan import Plan, planned, read_plan
from crm_metrics.audit.questionnaire import read_questionnaire
from crm_metrics.audit.snapshot import Snapshot, read_snapshots, snapshot
from crm_metrics.metrics.ground import Engine
from crm_metrics.metrics.model import Limits
from crm_metrics.ui import cached
from crm_metrics.ui.address import kept
from crm_metrics.ui.metrics.limits import chosen_limits
from crm_metrics.ui.state import engine, workspace
from crm_metrics.ui.words import dataset_name

AGAINST = "earlier"
"""In the address; `against` there is the period that metrics are compared with."""
_DAY = timedelta(days=1)
# How far an audit is stands on the page alone: a report asks for it too, without a place to tell.
_TOLD: ContextVar[Told | None] = ContextVar("told", default=None)


def known_audit() -> Audit:
    """The audit of the session's data by the thresholds chosen, remembered until they change."""
    chosen = read_chosen(workspace().folder)
    before = compared_with(earlier_audits())
    return cached.asked(
        _audit,
        tuple(sorted(chosen.thresholds.items())),
        tuple(sorted(chosen.severities.items())),
        tuple(sorted(chosen.lists.items())),
        since=before.today + _DAY if before else None,
        today=cached.asked(_today),
        limits=replace(chosen_limits(), mature_only=False),
    )


def _today(of: Engine) -> date | None:
    return day_of_audit(of, workspace().datasets())


def _audit(
    of: Engine,
    thresholds: tuple[tuple[str, float], ...],
    severities: tuple[tuple[str, int], ...],
    lists: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    since: date | None,
    today: date | None,
    limits: Limits,
) -> Audit:
    own = dict(thresholds), dict(severities)
    settings = Settings(*own, today=today, since=since, limits=limits, lists=dict(lists))
    return audit(of, settings, told=_TOLD.get())


@contextmanager
def telling(told: Told) -> Iterator[None]:
    """Within it `told` hears how far an audit is that is not remembered."""
    before = _TOLD.set(told)
    try:
        yield
    finally:
        _TOLD.reset(before)


def earlier_audits() -> tuple[Snapshot, ...]:
    """The kept audits of days before the one that the data end on, the latest first."""
    today = cached.asked(_today)
    found = read_snapshots(workspace().folder)
    return tuple(one for one in found if today is None or one.today < today)


def compared_with(earlier: Sequence[Snapshot]) -> Snapshot | None:
    """The one of the earlier audits that is compared with: the one chosen, else the latest."""
    chosen = next(iter(kept(AGAINST)), None)
    own = next((one for one in earlier if one.today.isoformat() == chosen), None)
    return own or next(iter(earlier), None)


def known_plan(found: Audit) -> Plan:
    """The kept plan with an action for each finding."""
    return planned(read_plan(workspace().folder), found.findings, found.today)


def known_gates(found: Audit) -> tuple[Gate, ...]:
    """What the audit lacks."""
    folder = workspace().folder
    return gates(engine(), found, asked=read_questionnaire(folder), plan=read_plan(folder))


def as_snapshot(found: Audit, after: date | None = None) -> Snapshot:
    """The audit as a snapshot with the channels' metrics of the weeks `after` a day."""
    return snapshot(engine(), found, window=cached.asked(_window, found.today, after))


def _window(of: Engine, today: date, after: date | None) -> Window | None:
    return window_of(of, today, after)


def file_names() -> dict[str, str]:
    """What each data set is called."""
    return {item.id: dataset_name(item) for item in workspace().datasets()}
