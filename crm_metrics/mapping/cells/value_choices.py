"""What the words of a field can mean, to choose from; and what a word means as it stands."""

from __future__ import annotations

from crm_metrics.mapping.cells.words import choices, known_meaning
from crm_metrics.mapping.cells.yes_no import yes_or_no
from crm_metrics.mapping.model import ColumnMapping
from crm_metrics.schema import kind_of

_FLAG = ("yes", "no")


def value_choices(field: str, grain: str) -> tuple[str, ...]:
    """The canonical words to choose from for a field of such rows; none where it has no such."""
    return _FLAG if kind_of(field, grain) == "flag" else choices(field, grain)


def meaning_of(item: ColumnMapping, word: str, grain: str) -> str | None:
    """The canonical word of a folded cell of the column; None where it has none."""
    if word in item.values:
        return item.values[word]
    # Without a stage that ends a deal, the others say nothing of it either.
    return None if item.field == "stage" else usual_meaning(str(item.field), word, grain)


def usual_meaning(field: str, word: str, grain: str) -> str | None:
    """What the word means in such a column by itself; None where that is not known."""
    if kind_of(field, grain) == "flag":
        said = yes_or_no(word, field)
        return None if said is None else _FLAG[not said]
    return known_meaning(field, word, grain)
