"""What scores the row's question got in its data set: the lowest, the highest, how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

_MOST_QUESTIONS = 100
_NAMES = {
    "low": "__lowest_score",
    "high": "__highest_score",
    "given": "__scores_given",
    "total": "__scores_total",
    "squares": "__scores_squares",
}


def with_observed(table: ir.Table) -> ir.Table:
    """The rows with what scores their question got, as columns.

    Asked for here, once, and then a word of each row's question: a window over all rows would be
    worked out by every query. Rows of too many questions stay as they are.
    """
    grouped = table.group_by(__dataset=table["__dataset"], question=_question(table))
    lines = grouped.aggregate(**_sums(table)).limit(_MOST_QUESTIONS + 1).to_pyarrow().to_pylist()
    if len(lines) > _MOST_QUESTIONS:
        return table
    return table.mutate(**{name: _by_question(table, lines, what) for what, name in _NAMES.items()})


def lowest(table: ir.Table) -> ir.Value:
    """The lowest score; null where the question got none."""
    return _observed(table, "low")


def highest(table: ir.Table) -> ir.Value:
    """The highest score; null where the question got none."""
    return _observed(table, "high")


def given(table: ir.Table) -> ir.Value:
    """How many scores there are."""
    return _observed(table, "given")


def has_two_answers(table: ir.Table) -> ir.BooleanValue:
    """Whether the question got two different scores and no other.

    (score - low) * (high - score) then adds up to nothing, as it does of no other scores.
    """
    low, high = lowest(table), highest(table)
    sums = (_observed(table, what) for what in ("given", "total", "squares"))
    n, total, squares = sums
    between = (low + high) * total - squares - n * low * high
    return ((high > low) & (between == 0)).fill_null(ibis.literal(value=False))


def _observed(table: ir.Table, what: str) -> ir.Value:
    if _NAMES[what] in table.columns:
        return table[_NAMES[what]]
    own = ibis.window(group_by=[table["__dataset"], _question(table)])
    return _sums(table)[what].over(own)


def _sums(table: ir.Table) -> dict[str, ir.Value]:
    score = table.score.cast("float64")
    return {
        "low": score.min(),
        "high": score.max(),
        "given": score.count().cast("float64"),
        "total": score.sum(),
        "squares": (score * score).sum(),
    }


def _by_question(table: ir.Table, lines: Sequence[Mapping[str, object]], what: str) -> ir.Value:
    """What `lines` say of the row's question."""
    told = {line[what] for line in lines}
    if len(told) < 2:  # also where there are no rows
        return ibis.literal(next(iter(told), None), "float64")
    cases = [
        (_is_question(table, line), ibis.literal(line[what], "float64"))
        for line in lines
        if line[what] is not None
    ]
    return ibis.cases(*cases)


def _is_question(table: ir.Table, line: Mapping[str, object]) -> ir.BooleanValue:
    """Whether a row answers the question of a line."""
    return (table["__dataset"] == line["__dataset"]) & (_question(table) == line["question"])


def _question(table: ir.Table) -> ir.StringValue:
    """Its words; a question without any is one too."""
    return table["question"].fill_null("") if "question" in table.columns else ibis.literal("")
