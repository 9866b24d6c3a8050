"""An audit held against an earlier one on the command line, and its file for a later one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crm_metrics.audit import Audit
from crm_metrics.audit.channel_change import ChannelChange, channel_changes, window_of
from crm_metrics.audit.remeasure import OUTCOMES, Remeasured, next_audit, remeasure
from crm_metrics.audit.snapshot import Snapshot, snapshot, snapshot_file, snapshot_in
from crm_metrics.cli_options import content_of, written
from crm_metrics.findings.audit_changes import channel_line, inflow_line, moved_line
from crm_metrics.metrics.ground import Engine
from crm_metrics.store.records import to_plain
from crm_metrics.texts import date_text, t

Compared = tuple[Remeasured, tuple[ChannelChange, ...]]


def before_in(path: Path | None) -> Snapshot | None:
    """The earlier audit of a file; raises InputError as `snapshot_in`, and "no_such_file"."""
    return None if path is None else snapshot_in(content_of(path), file=path.name)


def save(engine: Engine, found: Audit, path: Path) -> None:
    """Write this audit's file: keys, counts, shares and sums, nothing of a person."""
    own = snapshot(engine, found, window=window_of(engine, found.today))
    written(path, snapshot_file(own))


def compared(engine: Engine, found: Audit, before: Snapshot) -> Compared:
    """What became of the findings since the earlier audit, and of the channels' metrics."""
    window = window_of(engine, found.today, before.today)
    told = remeasure(snapshot(engine, found, window=window), before)
    changes = channel_changes(window, before.window) if window and before.window else ()
    return told, changes


def against_lines(against: Compared, found: Audit, lang: str) -> list[str]:
    """What became of the findings and of the channels, a sentence a line."""
    told, changes = against
    days = {"before": date_text(told.before, lang), "now": date_text(told.now, lang)}
    counts = {outcome: len(told.of(outcome)) for outcome in OUTCOMES}
    lines = ["", t("audit.since_said", lang, **days, **counts)]
    for outcome in OUTCOMES:
        moved = told.of(outcome)
        if moved:
            lines.append(t(f"audit.outcome.{outcome}", lang))
        lines += [f"- {moved_line(one, found, lang)}" for one in moved]
    inflow = [line for one in told.of("persisting") if (line := inflow_line(one, found, lang))]
    if inflow:
        lines += [t("audit.inflow_title", lang), *(f"- {line}" for line in inflow)]
    channels = [line for change in changes if (line := channel_line(change, lang))]
    if channels:
        lines += [t("audit.channels_title", lang), *(f"- {line}" for line in channels)]
        lines.append(t("audit.observational", lang))
    return [*lines, t("audit.next_said", lang, day=date_text(next_audit(found.today), lang))]


def against_document(against: Compared, found: Audit) -> dict[str, Any]:
    """The same as JSON types: `moved` findings, and the `channels` with within and mix effect."""
    told, changes = against
    return {
        **to_plain(told),
        "channels": [to_plain(change) for change in changes],
        "observational": True,
        "next_audit": next_audit(found.today).isoformat(),
    }
