"""What headers and cells together tell: phone calls, and the scale of a survey's score."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.cells.words import content
from crm_metrics.mapping.headers.header import HeaderName

_RECOMMEND = ("recommend", "порекоменд", "рекоменд")
_EFFORT = ("effort", "усили", "easy", "ease", "легко", "просто", "difficult", "сложно", "трудно")
_SMALL_SAMPLE = 30


def speaks_of_calls(
    names: Iterable[HeaderName], profiles: Iterable[Profile], file_name: str
) -> bool:
    """Whether headers, cells or the file's name tell of phone calls."""
    cues = _cues()["calls"]
    if any(cues & set(name.words) for name in names):
        return True
    if any(cues & set(values.words) for values in profiles if values.kind == "text"):
        return True
    return bool(cues & set(file_name.lower().replace("-", "_").replace(".", "_").split("_")))


def recommends(name: HeaderName) -> bool:
    """Whether a question is about recommending."""
    return any(word.startswith(_RECOMMEND) for word in name.words) or "nps" in name.words


def speaks_of_effort(name: HeaderName) -> bool:
    """Whether a question is about how hard or easy something was."""
    return any(word.startswith(_EFFORT) for word in name.words) or "ces" in name.words


def survey_scale(name: HeaderName, values: Profile) -> dict[str, str]:
    """Constants survey_type, scale_min and scale_max that a score column shows, or none.

    Only a question of recommending on 0-10 is NPS; five-point ratings are CSAT.
    """
    low, high = values.low, values.high
    if values.kind != "number" or low is None or high is None or low < 0 or high > 100:
        return {}
    recommended = recommends(name)
    five = high <= 5
    if recommended and high <= 10 and not (five and low >= 1 and values.filled >= _SMALL_SAMPLE):
        return {"survey_type": "nps", "scale_min": "0", "scale_max": "10"}
    if five:
        kind = "other" if recommended else "csat"
        return {"survey_type": kind, "scale_min": "0" if low < 1 else "1", "scale_max": "5"}
    if high <= 7 and speaks_of_effort(name):
        return {"survey_type": "ces", "scale_min": "1", "scale_max": "7"}
    if high <= 10:
        return {"survey_type": "other", "scale_min": "0" if low < 1 else "1", "scale_max": "10"}
    return {"survey_type": "other", "scale_min": "0", "scale_max": "100"}


@cache
def _cues() -> dict[str, frozenset[str]]:
    return {grain: frozenset(words) for grain, words in content()["cues"].items()}
