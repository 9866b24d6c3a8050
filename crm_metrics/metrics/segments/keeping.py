"""Segments on disk: with the workspace, and in files that people send each other. Rules alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crm_metrics.errors import CrmMetricsError, InputError, NotFoundError
from crm_metrics.metrics.segments.segment import Rule, Segment, checked, with_segment
from crm_metrics.store.manifest import write_json
from crm_metrics.store.records import to_plain

SEGMENTS = "segments.json"
_FORMAT = 1
_UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError)


def read_segments(folder: Path) -> tuple[Segment, ...]:
    """The segments kept in a workspace's folder; none where there are none or they are damaged."""
    try:
        found = _segments(json.loads((folder / SEGMENTS).read_text(encoding="utf-8")))
        return tuple(checked(one) for one in found)
    except (*_UNREADABLE, CrmMetricsError):
        return ()


def write_segments(folder: Path, segments: Sequence[Segment]) -> None:
    """Keep the segments in a workspace's folder."""
    write_json(folder / SEGMENTS, _plain(segments))


def segments_file(segments: Sequence[Segment]) -> bytes:
    """The segments as a JSON file to send."""
    return json.dumps(_plain(segments), ensure_ascii=False, indent=2).encode()


def segments_in(data: bytes, *, file: str) -> tuple[Segment, ...]:
    """The segments of a JSON or TOML file called `file`: `segments`, or one segment alone.

    Raises InputError("segments_file") for a file of another shape, InputError("segments_format")
    for one of a later version, and what `segment.checked` raises.
    """
    try:
        text = data.decode("utf-8-sig")
        content = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
        if content.get("format", _FORMAT) != _FORMAT:
            raise InputError("segments_format", file=file)
        found = _segments(content if "segments" in content else {"segments": [content]})
    except CrmMetricsError:
        raise
    except _UNREADABLE as error:
        raise InputError("segments_file", file=file) from error
    kept: tuple[Segment, ...] = ()
    for segment in found:
        kept = with_segment(kept, segment)
    if not kept:
        raise InputError("segments_file", file=file)
    return kept


def segment_called(name: str | None, segments: Sequence[Segment], *, file: str) -> Segment:
    """The segment of this name in a file, or its only one.

    Raises NotFoundError("no_such_segment") with the names that are there.
    """
    found = [one for one in segments if name is None or one.name == name]
    if len(found) != 1:
        known = ", ".join(one.name for one in segments)
        raise NotFoundError("no_such_segment", name=name or "", file=file, known=known)
    return found[0]


def _plain(segments: Sequence[Segment]) -> dict[str, Any]:
    return {"format": _FORMAT, "segments": to_plain(segments)}


def _segments(content: dict[str, Any]) -> tuple[Segment, ...]:
    return tuple(
        Segment(
            name=str(one["name"]).strip(),
            rules=tuple(_rule(rule) for rule in one["rules"]),
            match=one.get("match", "all"),
        )
        for one in content["segments"]
    )


def _rule(one: dict[str, Any]) -> Rule:
    """A rule as people write it: numbers and days bare, a single value without a list."""
    values = one.get("values", ())
    values = values if isinstance(values, list) else [values] if values != () else []
    return Rule(
        grain=str(one["grain"]),
        field=str(one["field"]),
        measure=one.get("measure", "any"),
        operator=one["operator"],
        values=tuple(_text(value) for value in values),
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
