"""Which of the versions is the control, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_metrics.errors import NotFoundError, UsageError
from crm_metrics.mapping.cells.blanks import fold

# Over folded names; the letter A in both alphabets. What is called a control is one before what is
# only the first of several.
_CONTROL = re.compile(
    r"(.*[\W_])?(control|ctrl|hold[\W_]?out|baseline|контрол\w*)([\W_].*)?"
    r"|кг|base|original|old|0|стар(ый|ая|ое)|без рассылки|no (message|e-?mail|treatment)"
)
_FIRST = re.compile(
    r"[aа](\W.*)?|(variant|variation|version|group|вариант|вариация|версия|группа)[ _]?[aа1]"
)


def control_among(names: Sequence[str], asked: str | None = None) -> str:
    """The control's name, folded: the one that was asked for, else the guessed one.

    Raises UsageError("one_arm") and NotFoundError("unknown_arm").
    """
    if len(names) < 2:
        raise UsageError("one_arm", arm=names[0])
    control = guessed_control(names) if asked is None else asked
    if fold(control) not in map(fold, names):
        raise NotFoundError("unknown_arm", arm=control, arms=", ".join(names))
    return fold(control)


def guessed_control(names: Sequence[str]) -> str:
    """The arm whose name says that it is the control, else the first by name."""
    ordered = sorted(names, key=lambda name: (len(name) if name.isdigit() else 0, fold(name)))
    found = (name for form in (_CONTROL, _FIRST) for name in ordered if form.fullmatch(fold(name)))
    return next(found, ordered[0])
