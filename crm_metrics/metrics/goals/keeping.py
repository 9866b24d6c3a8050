"""Goals on disk: with the workspace, and in files that people send each other."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crm_metrics.errors import CrmMetricsError, InputError
from crm_metrics.metrics.goals.goal import Goal, with_goal
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import from_plain, to_plain

GOALS = "goals.json"
_FORMAT = 1
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def read_goals(folder: Path) -> tuple[Goal, ...]:
    """The goals kept in a workspace's folder; none where there are none or they are damaged."""
    try:
        return _goals(json.loads((folder / GOALS).read_text(encoding="utf-8")))
    except _UNREADABLE:
        return ()


def write_goals(folder: Path, goals: Sequence[Goal]) -> None:
    """Keep the goals in a workspace's folder."""
    write_json(folder / GOALS, _plain(goals))


def goals_file(goals: Sequence[Goal]) -> bytes:
    """The goals as a JSON file to send."""
    return json.dumps(_plain(goals), ensure_ascii=False, indent=2).encode()


def goals_in(data: bytes, *, file: str) -> tuple[Goal, ...]:
    """The goals of a JSON or TOML file called `file`: a list of tables `goals`, each a `Goal`.

    Raises InputError("goals_file") for a file of another shape, InputError("goals_format") for one
    of a later version, and what `goal.checked` raises.
    """
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        if content.get("format", _FORMAT) != _FORMAT:
            raise InputError("goals_format", file=file)
        found = _goals(content)
    except CrmMetricsError:
        raise
    except _UNREADABLE as error:
        raise InputError("goals_file", file=file) from error
    kept: tuple[Goal, ...] = ()
    for goal in found:
        kept = with_goal(kept, goal)
    return kept


def _plain(goals: Sequence[Goal]) -> dict[str, Any]:
    return {"format": _FORMAT, "goals": to_plain(goals)}


def _goals(content: dict[str, Any]) -> tuple[Goal, ...]:
    return tuple(from_plain(Goal, one) for one in content["goals"])
