"""What a user settled about how a file is read, over what reading finds by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["record", "header", "preamble", "total", "footer", "other"]
ROLES: tuple[Role, ...] = ("record", "header", "preamble", "total", "footer", "other")


@dataclass(frozen=True, slots=True)
class PartDecisions:
    """Decisions about one part of a file: a text, a sheet, a member of an archive.

    `lines` are line (text) or row (sheet) numbers with the role each has: a "header" names the
    columns of the table below it, a "record" is kept as data, any other is set aside for that
    reason. `encoding` is a Python codec's name, `delimiter` one character; None is left to reading.
    """

    part: str
    encoding: str | None = None
    delimiter: str | None = None
    lines: tuple[tuple[int, Role], ...] = ()

    @property
    def roles(self) -> dict[int, Role]:
        """The role of each line that was decided."""
        return dict(self.lines)

    @property
    def empty(self) -> bool:
        """Whether everything is left to reading."""
        return not (self.encoding or self.delimiter or self.lines)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions about a file, by part: `Table.part` names the part that a table came from."""

    parts: tuple[PartDecisions, ...] = ()

    def of(self, part: str) -> PartDecisions:
        """What is decided about a part; nothing by default."""
        return next((item for item in self.parts if item.part == part), PartDecisions(part))

    def with_part(self, decided: PartDecisions) -> Decisions:
        """These decisions with those about one part replaced."""
        others = tuple(item for item in self.parts if item.part != decided.part)
        return Decisions(others if decided.empty else (*others, decided))

    def with_role(self, part: str, line: int, role: Role | None) -> Decisions:
        """These decisions with one line's role settled, or left to reading again (None)."""
        own = self.of(part)
        roles = {number: known for number, known in own.lines if number != line}
        if role is not None:
            roles[line] = role
        return self.with_part(replace(own, lines=tuple(sorted(roles.items()))))


NOTHING = Decisions()
