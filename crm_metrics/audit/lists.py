"""The user's own lists: the values that a category may have, by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_metrics.errors import InputError, LimitError
from crm_metrics.schema import fields_of
from crm_metrics.schema.fields import field_named

GRAINS = ("contacts", "deals", "activities", "orders")
"""The kinds of rows whose categories are held against a list."""
MOST_VALUES = 5000
_TEXTS = frozenset({"lost_reason"})

Lists = Mapping[str, tuple[str, ...]]


def listable(grain: str) -> tuple[str, ...]:
    """The fields of a grain that a list can be given for: categories, and reasons of a loss."""
    return tuple(name for name in fields_of(grain) if _is_listable(name))


def refuse_unlistable(field: str) -> None:
    """Raise NotFoundError("unknown_field"), or InputError("not_listable") for no category."""
    field_named(field)
    if not any(field in listable(grain) for grain in GRAINS):
        raise InputError("not_listable", field=field)


def values_in(lines: Iterable[str]) -> tuple[str, ...]:
    """The values of lines, or of parts of one: without blanks around, each once, in their order.

    Raises LimitError("list_full") for more than MOST_VALUES: those left out would be told as wrong.
    """
    found = dict.fromkeys(" ".join(line.split()) for line in lines)
    found.pop("", None)
    if len(found) > MOST_VALUES:
        raise LimitError("list_full", most=MOST_VALUES)
    return tuple(found)


def plain(value: str) -> str:
    """A value as those of a list are compared: case, ё and blanks make no difference."""
    return " ".join(value.split()).lower().replace("ё", "е")


def _is_listable(name: str) -> bool:
    field = field_named(name)
    return not field.personal and (field.kind == "category" or name in _TEXTS)
