"""Where comments stand, and each answer's text beside its day and score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import ibis
import ibis.expr.types as ir

from crm_metrics.metrics.compute import CATALOGUE
from crm_metrics.metrics.expressions import NO, YES
from crm_metrics.metrics.filtering import kept
from crm_metrics.metrics.ground import Engine, grains_of, ground, mapped_of, parts_of, rows_of
from crm_metrics.metrics.model import Filters, Limits, computable
from crm_metrics.metrics.rows import Asked, measured
from crm_metrics.metrics.scales import DETRACTOR, PROMOTER, in_bottom_box
from crm_metrics.metrics.themes.model import Source

SOURCES: Final = (
    Source("surveys", "comment"),
    Source("conversations", "comment"),
    Source("conversations", "subject"),
    Source("calls", "comment"),
)
SCORES: Final = ("nps", "csat")
_AT_ONCE: Final = 200_000
_QUESTION = "question"
_TEXT, _NAME = "__text", "__name"


@dataclass(frozen=True, slots=True)
class Texts:
    """The answers of a source as a table.

    Columns: text and name (INT64: tells texts apart), null for blanks, day, channel, score, file
    and line (of an answer of several rows those of the first that has a text), and nps and csat: 1
    for a promoter and the satisfied, -1 for a detractor and the dissatisfied, 0 between, null where
    the answer has no such score. `scores` names those that any answer may have.
    """

    table: ir.Table
    scores: tuple[str, ...]
    elsewhere: bool


def sources_of(engine: Engine) -> tuple[Source, ...]:
    """The places that hold texts, the first of them the one to begin with."""
    present = grains_of(engine)
    return tuple(
        one for one in SOURCES if one.grain in present and one.field in mapped_of(engine, one.grain)
    )


def asked_in(engine: Engine, source: Source, filters: Filters) -> tuple[Source, Filters]:
    """The source with the questions that the filters name, and the filters without these.

    An answer's score is that of its whole response, so that questions choose its texts alone. Of
    questions that have no text all texts are taken: those of the people who were asked.
    """
    named = {value for name, values in filters.equal if name == _QUESTION for value in values}
    rest = tuple(one for one in filters.equal if one[0] != _QUESTION)
    chosen = tuple(one for one in questions_of(engine, source) if one in named) if named else ()
    return replace(source, questions=chosen), replace(filters, equal=rest)


def questions_of(engine: Engine, source: Source) -> tuple[str, ...]:
    """The questions that the texts of a source answer, where there are several."""
    if "question" not in mapped_of(engine, source.grain):
        return ()
    part, _ = place_of(engine, source)
    table, _ = ground(part, source.grain)
    with_text = table.filter(table[source.field].notnull() & table.question.notnull())
    found = with_text.select("question").distinct().to_pyarrow().column(0).to_pylist()
    return tuple(sorted(map(str, found))) if len(found) > 1 else ()


def texts_of(engine: Engine, source: Source, filters: Filters | None = None) -> Texts:
    """The answers that the filters keep.

    The rows of one response are one answer: its texts stand under each other, so that who writes
    much counts once. Its score of a kind counts where it gave one alone.
    """
    part, elsewhere = place_of(engine, source)
    grain = source.grain
    table = _named(ground(part, grain)[0], source)
    mapped = mapped_of(part, grain)
    keep = kept(part, grain, table, filters or Filters())
    asked = Asked(table, YES, (), mapped, Limits())
    own = [
        one
        for one in CATALOGUE
        if one.key in SCORES and one.grain == grain and computable(one, mapped)
    ]
    columns, slots = measured(asked, own)
    counted = {one.key: columns[slot.y] for one, slot in zip(own, slots, strict=True)}
    rows = table.select(
        keep=NO if keep is None else keep,
        response=_response(table, mapped),
        place=table["__line"].cast("int64"),
        text=table[_TEXT],
        name=table[_NAME],
        day=table.date.cast("date"),
        channel=table.channel,
        file=table["__dataset"].cast("string"),
        score=table["score"].cast("float64") if "score" in table.columns else ibis.null("float64"),
        nps=_nps(counted.get("nps")),
        csat=_csat(counted.get("csat"), table),
    )
    rows = rows.filter(rows.keep).drop("keep")
    single = _are_single(part, grain)
    rows = rows.rename(line="place").drop("response") if single else _answers(rows)
    return Texts(rows, tuple(counted), elsewhere)


def _named(table: ir.Table, source: Source) -> ir.Table:
    """The rows with their text and its name, before anything looks at several rows.

    What sorts or groups rows then holds eight bytes of each text in memory, not the text.
    """
    text = table[source.field].cast("string").strip().nullif("")
    if source.questions:
        asked = table.question.isin(source.questions).fill_null(NO)
        text = ibis.ifelse(asked, text, ibis.null("string"))
    name = ibis.ifelse(text.notnull(), text.hash(), ibis.null("int64"))
    return table.mutate(**{_TEXT: text, _NAME: name})


def _are_single(part: Engine, grain: str) -> bool:
    """Whether each row is a response of its own, so that nothing is to be put together."""
    table, _ = ground(part, grain)
    if "first_of_response" not in table.columns:
        return True

    def found() -> bool:
        first = table.aggregate(every=table.first_of_response.all()).to_pyarrow()
        return first.column("every")[0].as_py() is not False

    return part.once(f"single_answers_{grain}", found)


def _answers(rows: ir.Table) -> ir.Table:
    """One row a response: texts in the order of the file, a score where it is the only one."""
    once = {
        name: ibis.ifelse(rows[name].count() == 1, rows[name].max(), ibis.null(rows[name].type()))
        for name in ("score", "nps", "csat")
    }
    in_order = (rows.place, rows.name)
    names = rows.name.cast("string").group_concat(",", order_by=in_order)
    return (
        rows.group_by("response")
        .aggregate(
            # Texts of one line in an order of their own, or the next query names them otherwise.
            text=rows.text.group_concat("\n", order_by=in_order),
            name=ibis.ifelse(names.notnull(), names.hash(), ibis.null("int64")),
            day=rows.day.min(),
            channel=rows.channel.min(),
            file=rows.file.argmin(rows.place, where=rows.text.notnull()),
            line=rows.place.min(where=rows.text.notnull()),
            **once,
        )
        .drop("response")
    )


def _response(table: ir.Table, mapped: frozenset[str]) -> ir.StringValue:
    """The name of a row's response; a row without one stands for itself."""
    line = ibis.literal("line ") + table["__line"].cast("string")
    return table.response_id.cast("string") if "response_id" in mapped else line


def _nps(score: ir.Value | None) -> ir.Value:
    if score is None:
        return ibis.null("int8")
    way = ibis.cases((score >= PROMOTER, 1), (score <= DETRACTOR, -1), else_=0)
    return ibis.ifelse(score.notnull(), way, ibis.null("int8")).cast("int8")


def _csat(top: ir.Value | None, table: ir.Table) -> ir.Value:
    if top is None:
        return ibis.null("int8")
    low = in_bottom_box(table, Limits()).fill_null(NO)
    way = ibis.cases((top > 0, 1), (low, -1), else_=0)
    return ibis.ifelse(top.notnull(), way, ibis.null("int8")).cast("int8")


def in_parts(engine: Engine, source: Source, rows: ir.Table) -> Iterator[ir.Table]:
    """The rows by their texts' names, some 200 000 at a time; those without a text are in none."""
    parts = 1 << (rows_of(engine, source.grain) // _AT_ONCE).bit_length()
    for part in range(parts):
        yield rows.filter(rows.text.notnull() & (rows.name & (parts - 1) == part))


def place_of(engine: Engine, source: Source) -> tuple[Engine, bool]:
    """The place whose texts are read, and whether others hold texts too."""
    parts = [
        part
        for part in parts_of(engine)
        if source.grain in grains_of(part) and source.field in mapped_of(part, source.grain)
    ]
    return parts[0], len(parts) > 1
