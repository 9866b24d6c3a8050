"""The thresholds, severities and lists that a person chose, kept with the workspace."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from crm_metrics.audit.catalogue import catalogue, thresholds
from crm_metrics.audit.keeping import read_kept, write_kept
from crm_metrics.audit.model import Settings
from crm_metrics.schema import FIELDS

_FILE = "audit_settings.json"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What differs from the checks' own: thresholds by key, severities by check (0 is off).

    `lists` are the values that a category may have, by its field.
    """

    thresholds: dict[str, float] = field(default_factory=dict)
    severities: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def settings(self) -> Settings:
        """The settings of an audit."""
        return Settings(dict(self.thresholds), dict(self.severities), lists=dict(self.lists))


def with_threshold(chosen: Chosen, key: str, value: float) -> Chosen:
    """The choice with this threshold; its default is no choice."""
    others = {name: own for name, own in chosen.thresholds.items() if name != key}
    own = {} if value == thresholds()[key].default else {key: float(value)}
    return replace(chosen, thresholds=others | own)


def with_severity(chosen: Chosen, check: str, severity: int) -> Chosen:
    """The choice with this severity of a check; its own is no choice."""
    others = {name: own for name, own in chosen.severities.items() if name != check}
    usual = {one.severity for one in catalogue() if one.key == check}
    return replace(chosen, severities=others | ({} if usual == {severity} else {check: severity}))


def with_list(chosen: Chosen, name: str, values: tuple[str, ...]) -> Chosen:
    """The choice with this list of values for a field; an empty one is none."""
    others = {own: known for own, known in chosen.lists.items() if own != name}
    return replace(chosen, lists=others | ({name: values} if values else {}))


def read_chosen(folder: Path) -> Chosen:
    """What is kept in a workspace's folder, without what no check has (any more)."""
    kept = read_kept(folder / _FILE, Chosen) or Chosen()
    known, keys = thresholds(), {check.key for check in catalogue()}
    return Chosen(
        {
            key: value
            for key, value in kept.thresholds.items()
            if key in known and known[key].low <= value <= known[key].high
        },
        {key: value for key, value in kept.severities.items() if key in keys and 0 <= value <= 3},
        {key: values for key, values in kept.lists.items() if key in FIELDS and values},
    )


def write_chosen(folder: Path, chosen: Chosen) -> None:
    """Keep it in a workspace's folder."""
    write_kept(folder / _FILE, chosen)
