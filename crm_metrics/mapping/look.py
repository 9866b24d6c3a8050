"""What a table shows before anything is decided: names, profiles and guesses per column."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, replace

from crm_metrics.intake.table import Table
from crm_metrics.mapping.cells.profile import Profile, profile
from crm_metrics.mapping.headers.header import HeaderName, read_name
from crm_metrics.mapping.headers.synonyms import Guess, guesses
from crm_metrics.mapping.matching.cues import speaks_of_calls
from crm_metrics.mapping.matching.narrowing import narrowed
from crm_metrics.mapping.model import ColumnMapping, Why
from crm_metrics.schema import Kind, field_named, fields_of, kind_of

_SAMPLE = 400


@dataclass(frozen=True, slots=True)
class Seen:
    """A table with its columns' names, profiles of their first 400 values, and guesses."""

    table: Table
    names: tuple[HeaderName, ...]
    profiles: tuple[Profile, ...]
    guesses: tuple[tuple[Guess, ...], ...]

    @property
    def rates(self) -> tuple[bool, ...]:
        """Per column: whether a % sign in the header or the cells makes it a share."""
        return tuple(
            name.percent or values.kind == "percent"
            for name, values in zip(self.names, self.profiles, strict=True)
        )

    def column(self, position: int, guess: Guess | None) -> ColumnMapping:
        """The column under a guess, or as a dimension under its own name."""
        name = self.table.headers[position]
        kind = self.profiles[position].kind
        if guess is None:
            return ColumnMapping(position, name, None, "none", Why("no_guess"), kind)
        unit = self.names[position].unit
        return ColumnMapping(position, name, guess.field, guess.level, guess.why, kind, unit=unit)

    def left_over(
        self, position: int, grain: str | None, taken: Lookup[int, Guess]
    ) -> ColumnMapping:
        """The column as a dimension, with the field that its name tells and its values deny."""
        item = self.column(position, None)
        allowed = set(fields_of(grain)) if grain else set()
        allowed -= {guess.field for guess in taken.values()}
        values = self.profiles[position]
        for guess in self.guesses[position]:
            kind = kind_on(guess.field, grain)
            if guess.field in allowed and kind and not values.fits(guess.field, kind):
                return replace(item, why=Why("values_unfit", {"field": guess.field}))
        return item


def look(table: Table) -> Seen:
    """Read the first 400 rows and see what each column may be."""
    frame = table.frame(limit=_SAMPLE)
    names = tuple(read_name(header) for header in table.headers)
    profiles = tuple(profile(frame.iloc[:, position]) for position in range(len(names)))
    calls = speaks_of_calls(names, profiles, table.file_name)
    found = tuple(
        guesses(name, values, calls=calls) for name, values in zip(names, profiles, strict=True)
    )
    return Seen(table, names, profiles, narrowed(found, names, profiles))


def kind_on(field: str | None, grain: str | None) -> Kind | None:
    """The kind of the field's values on the grain; None without a field."""
    if field is None:
        return None
    return kind_of(field, grain) if grain else field_named(field).kind
