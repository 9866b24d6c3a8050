"""Surveys as metrics count them: one row an answer to a question, whatever the file's shape.

A file with a column a question gives as many rows a line as it has questions; a file that names the
question in each line, or has one question alone, gives one. Beside the fields of the grain the
ground of `surveys` has, on every row:

- `question` (STRING): its words; of a column without any others, the header. Null where the file
  tells of none.
- `survey_type` ("nps", "csat", "ces", "other"), `scale_min`, `scale_max` (FLOAT64), `polarity`
  ("high" or "low": the end of the scale that is good): what was said of the question, else of the
  file; null where neither was. A column of comments has none of them.
- `score` (FLOAT64) as it stands in the file, not turned round where the low end is good (see
  `scales.oriented`), and `comment` (STRING). In a file with several columns of scores or of
  comments each row has one of the two; in any other the comment stands beside its score.
- `response_id` (STRING, never null): the same for all answers of one response and for no other,
  whatever the file. It is made of the data set and the file's own id, or else the line.
- `is_answer` (BOOLEAN): whether the row has a score or a comment. A blank is no answer: it stays a
  row, so that the lines behind a number can say how many there were. Where a data set has no column
  of scores or comments, each of its rows is an answer.
- `first_of_response` (BOOLEAN): true on one row of each response, an answered one if there is any.

So answers are rows with `is_answer`; a comment is a row with one. What belongs to a response and
not to an answer (its duration, whether it was given at all) is counted where `first_of_response`,
or where rows are grouped or filtered by question as different values of `response_id`
(`Distinct("response_id")`), which counts no response twice in any group. `__dataset` and `__line`
are those of the line. In a file with several columns of scores each row has all scores of its line
besides, as text under the name of an unmapped column (`dimension_name` of the header): so answers
to one question can be grouped by those to another.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from crm_metrics.facts.model import QuestionColumn
from crm_metrics.mapping.model import SURVEY
from crm_metrics.metrics.expressions import NO, YES
from crm_metrics.store.aligning import DATASET, aligned
from crm_metrics.store.dataset import dimension_name

ANSWERED = "surveys"
GIVEN = frozenset({"response_id", "question", *SURVEY})
"""The fields that rows of answers have whether or not a column of the file does."""

_TYPES = {
    **dict.fromkeys(("question", "comment", "survey_type", "polarity"), "string"),
    **dict.fromkeys(("score", "scale_min", "scale_max"), "float64"),
}
_LINE = "__line"
_PLACE, _FIRST = "question_place", "first_answered"

Questions = Mapping[str, Sequence[QuestionColumn]]


def answers(
    table: ir.Table, questions: Questions, filled: Mapping[str, Collection[str]]
) -> ir.Table:
    """The rows of the module's contract from all facts of surveys.

    `questions` and `filled` are by data set: the columns with answers to a question each, and the
    fields that hold a value.
    """
    wide = {
        name: asked
        for name, asked in questions.items()
        if any(one.is_one_of_several for one in asked)
    }
    rest = {name: fields for name, fields in filled.items() if name not in wide}
    parts = [_of_each(table.filter(table[DATASET] == name), asked) for name, asked in wide.items()]
    if rest or not wide:
        own = table.filter(table[DATASET].isin(list(rest))) if wide else table
        parts.append(_one_a_line(own, questions, rest))
    apart = {one.name for asked in wide.values() for one in asked if one.is_one_of_several}
    return aligned([part.drop(*apart.intersection(part.columns)) for part in parts])


def _of_each(rows: ir.Table, asked: Sequence[QuestionColumn]) -> ir.Table:
    """The answers to all questions that the lines of a data set have a column for."""
    places = range(len(asked))
    given = [rows[one.name].notnull() for one in asked]
    first = ibis.cases(*zip(given, places, strict=True), else_=0)
    rows = _repeated(rows.mutate(**{_FIRST: first.cast("int64")}), len(asked))
    place = rows[_PLACE]

    def by_place(values: Mapping[int, ir.Value], field: str) -> ir.Value:
        made = [(place == at, value.cast(_TYPES[field])) for at, value in values.items()]
        return ibis.cases(*made) if made else _null(field)

    scored = [at for at in places if _scored(asked[at])]
    answers_of = {
        field: by_place(
            {at: rows[asked[at].name] for at in places if asked[at].field == field}, field
        )
        for field in ("score", "comment")
    }
    said = {
        key: by_place(
            {at: _known(rows, key, getattr(asked[at].question, key)) for at in scored}, key
        )
        for key in SURVEY
    }
    words = {at: ibis.literal(asked[at].question.text, "string") for at in places}
    beside = {
        dimension_name(asked[at].header): _as_text(rows[asked[at].name])
        for at in scored
        if asked[at].is_one_of_several and asked[at].header
    }
    found = rows.mutate(
        **beside,
        **answers_of,
        **said,
        question=by_place(words, "question"),
        response_id=_response(rows),
        is_answer=_any([answer.notnull() for answer in answers_of.values()]),
        first_of_response=place == rows[_FIRST],
    )
    return found.drop(_PLACE, _FIRST)


def _as_text(score: ir.Value) -> ir.StringValue:
    """A score as it is written: 4, or 4.5."""
    whole = score.cast("int64")
    return ibis.ifelse(score == whole, whole.cast("string"), score.cast("string"))


def _repeated(rows: ir.Table, times: int) -> ir.Table:
    """Each row so many times, numbered from 0 in `_PLACE`."""
    numbers = [ibis.literal(at, "int64") for at in range(times)]
    if all(map(rows.get_backend().has_operation, (ops.Array, ops.Unnest))):
        return rows.mutate(**{_PLACE: ibis.array(numbers).unnest()})
    return ibis.union(*(rows.mutate(**{_PLACE: number}) for number in numbers))


def _one_a_line(
    rows: ir.Table, questions: Questions, filled: Mapping[str, Collection[str]]
) -> ir.Table:
    """Lines with one answer each: to the file's only question, or to the one that they name."""
    only = {name: asked[0].question for name in filled if (asked := _scores_first(questions, name))}
    blank_too = [
        name
        for name, own in filled.items()
        if {"score", "comment"}.isdisjoint(own) and not questions.get(name)
    ]
    several = [name for name, own in filled.items() if {"question", "response_id"} <= set(own)]
    given = [rows[name].notnull() for name in ("score", "comment") if name in rows.columns]
    told = {
        key: _by_dataset(rows, key, {name: getattr(one, key) for name, one in only.items()})
        for key in SURVEY
    }
    words = _by_dataset(rows, "question", {name: one.text for name, one in only.items()})
    response = _response(rows)
    return rows.mutate(
        **told,
        question=words,
        response_id=response,
        is_answer=_any(given) | _among(rows, blank_too),
        first_of_response=_is_first(rows, response, _any(given), several),
    )


def _scores_first(questions: Questions, name: str) -> list[QuestionColumn]:
    return sorted(questions.get(name, ()), key=lambda one: not _scored(one))


def _scored(one: QuestionColumn) -> bool:
    return one.field == "score"


def _is_first(
    rows: ir.Table, response: ir.StringValue, given: ir.BooleanValue, several: Sequence[str]
) -> ir.BooleanValue:
    """Whether a row is the first of its response; only some data sets have several rows of one."""
    if not several:
        return YES
    # In the order of questions: lines of tables elsewhere have no numbers to go by.
    order = [ibis.ifelse(given, 0, 1), rows["question"]]
    number = ibis.row_number().over(ibis.window(group_by=[response], order_by=order))
    return ~_among(rows, several) | (number == 0)


def _response(rows: ir.Table) -> ir.StringValue:
    dataset = rows[DATASET].cast("string")
    line = dataset + "#" + rows[_LINE].cast("string")
    if "response_id" not in rows.columns:
        return line
    return ibis.coalesce(dataset + ":" + rows["response_id"].cast("string"), line)


def _by_dataset(rows: ir.Table, field: str, said: Mapping[str, object]) -> ir.Value:
    """What each data set's question says of itself, else what the row does."""
    told = {name: word for name, word in said.items() if word not in (None, "")}
    own = _own(rows, field)
    if not told:
        return own
    words = ibis.cases(
        *((rows[DATASET] == name, ibis.literal(word, _TYPES[field])) for name, word in told.items())
    )
    return ibis.coalesce(words, own)


def _known(rows: ir.Table, field: str, word: object) -> ir.Value:
    """The word said of the question, else what the row has."""
    if word is not None:
        return ibis.literal(word, _TYPES[field])
    return _own(rows, field)


def _own(rows: ir.Table, field: str) -> ir.Value:
    return rows[field].cast(_TYPES[field]) if field in rows.columns else _null(field)


def _among(rows: ir.Table, names: Sequence[str]) -> ir.BooleanValue:
    return rows[DATASET].isin(list(names)) if names else NO


def _any(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    found = NO
    for condition in conditions:
        found = found | condition
    return found


def _null(field: str) -> ir.Value:
    return ibis.null(_TYPES[field])
