"""What `voice` tells, as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from crm_metrics.cli_derived import Traced
from crm_metrics.cli_voice_lines import Told
from crm_metrics.metrics import Value
from crm_metrics.metrics.themes import Themes
from crm_metrics.metrics.voice.link import Link
from crm_metrics.store.records import to_plain


def voice_document(told: Told, behind: Traced) -> dict[str, Any]:
    """All that the command tells, with the lines behind each number where they are asked for."""
    return {
        "values": [_value(one) | behind.document(one) for one in told.values],
        "questions": [
            {
                "question": one.text,
                "survey_type": one.kind,
                "scale_min": one.low,
                "scale_max": one.high,
                "polarity": one.polarity,
                "n": one.n,
                "blanks": one.blanks,
                "comments": one.comments,
                "scores": [{"score": score, "n": count} for score, count in one.counts],
                "mean": one.mean,
                "mean_low": one.mean_value and one.mean_value.low,
                "mean_high": one.mean_value and one.mean_value.high,
                "values": [_value(value) for value in one.values if value.value is not None],
                "refused": list(one.refused),
                **behind.document(one),
            }
            for one in told.questions
        ],
        "invited": [
            {"dataset": one.dataset, "responses": one.responses, **_value(one.rate)}
            for one in told.invited
        ],
        "link": _link(told.linked, behind) if told.linked else None,
        "themes": _themes(told.themes, behind) if told.themes else None,
    }


def _link(found: Link, behind: Traced) -> dict[str, Any]:
    counted = found.counted
    names = ("conversations", "scored", "silent", "joined", "twice", "in_minutes")
    return {
        "wait": found.wait,
        "level": found.level,
        "measure": found.measure,
        "correlation": _value(found.correlation) | behind.document(found.correlation),
        "difference": asdict(found.gap) if found.gap else None,
        "buckets": [
            {"from_seconds": one.start, "to_seconds": one.end, **_value(one.value)}
            | behind.document(one.value)
            for one in found.buckets
        ],
        "points": [
            {
                "name": one.name,
                "time": _value(one.time) | behind.document(one.time),
                "score": _value(one.score) | behind.document(one.score),
            }
            for one in found.points
        ],
        "counted": {name: getattr(counted, name) for name in names} if counted else None,
    }


def _themes(found: Themes, behind: Traced) -> dict[str, Any]:
    plain: dict[str, Any] = to_plain(found)
    for theme, own in zip(found.themes, plain["themes"], strict=True):
        own["share"] |= behind.document(theme.share)
    if found.untold is not None:
        plain["untold"] |= behind.document(found.untold)
    return plain


def _value(one: Value) -> dict[str, Any]:
    names = ("metric", "variant", "grain", "value", "low", "high", "n", "components", "flags")
    return {name: getattr(one, name) for name in names}
