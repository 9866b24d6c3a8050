"""Versions of a test under a name that means other things as well: only their values tell."""

from __future__ import annotations

import re

from crm_metrics.mapping.cells.profile import Profile
from crm_metrics.mapping.headers.header import HeaderName
from crm_metrics.mapping.model import Level

_MOST = 10
_HEADERS = frozenset(
    (
        *("group", "группа", "test", "тест", "cell", "arm", "version", "версия", "bucket", "split"),
        *("a b", "ab", "a b test", "ab test", "a b тест", "ab тест", "аб тест", "аб", "сплит"),
        *("split test", "сплит тест", "test cell", "test arm", "ветка"),
    )
)
_GROUPS = frozenset(("group", "группа"))
_ARM = re.compile(
    r"[a-jа-д]"
    r"|(variant|variation|version|group|arm|cell|test|вариант|вариация|версия|группа|тест)"
    r"[ _-]?([a-jа-д]|\d)"
    r"|(control|контроль(ная)?|test|тест(овая)?|treatment|целевая|экспериментальная)"
    r"([ _-](group|группа))?"
    r"|контроль [a-jа-д]|кг|тг|hold[ _-]?out|baseline|exposed|эксперимент|experiment"
)


def versions_level(name: HeaderName, values: Profile) -> Level | None:
    """How sure it is that a column names versions (A and B, control and test); None where not.

    A group may also be a team's, and a test one that was passed. Groups A, B and C may be an ABC
    analysis: that is asked.
    """
    named = name.key in _HEADERS and 1 < len(values.words) <= _MOST
    if not (named and all(_ARM.fullmatch(word) for word in values.words)):
        return None
    letters = max(map(len, values.words)) == 1 and len(values.words) > 2
    return "ask" if letters and name.key in _GROUPS else "likely"
