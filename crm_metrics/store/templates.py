"""The mapping templates of a workspace: those saved under a name, and every confirmed mapping."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from crm_metrics.errors import InputError, NotFoundError
from crm_metrics.intake.table import Table
from crm_metrics.mapping.look import look
from crm_metrics.mapping.model import Mapping
from crm_metrics.mapping.templates.file import from_json, to_json
from crm_metrics.mapping.templates.template import LONGEST_NAME, Template, plain_name, template_of
from crm_metrics.store.manifest import Stamp, stamp_of, write_json
from crm_metrics.store.records import from_plain

_SETTLED = frozenset({"chosen", "confirmed", "template_column"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A template of a workspace: its id, when it was put there, and the template."""

    id: str
    saved: datetime
    template: Template


class Templates:
    """Templates in a folder, one file each; `earlier` is where mappings were kept before them."""

    def __init__(self, folder: Path, earlier: Path) -> None:
        self._folder = folder
        self._earlier = earlier
        self._lock = threading.RLock()
        self._read: dict[Path, tuple[Stamp, Kept | None]] = {}

    def all(self) -> list[Kept]:
        """Every template in the order of saving; a file that can't be read is passed over."""
        with self._lock:
            self._take_over()
            current = {}
            for path in self._folder.glob("*.json"):
                stamp, known = stamp_of(path), self._read.get(path)
                current[path] = known if known and known[0] == stamp else (stamp, _read(path))
            self._read = current
        kept = (item for _, item in current.values() if item)
        return sorted(kept, key=lambda item: (item.saved, item.id))

    def named(self) -> list[Kept]:
        """The templates with a name, by name."""
        found = (item for item in self.all() if item.template.name)
        return sorted(found, key=lambda item: item.template.name.casefold())

    def get(self, template_id: str) -> Kept:
        """The template with this id; raises NotFoundError("unknown_template")."""
        for item in self.all():
            if item.id == template_id:
                return item
        raise NotFoundError("unknown_template")

    def called(self, name: str) -> Kept | None:
        """The template of this name, whatever its case."""
        wanted = name.strip().casefold()
        found = (item for item in self.named() if item.template.name.casefold() == wanted)
        return next(found, None)

    def remember(self, table: Table, chosen: Mapping, before: Mapping) -> None:
        """Keep a mapping that the user gave, for tables with this header; a header has one a sheet.

        What is a guess in it stays one. Nothing is kept where it says nothing new over the mapping
        `before`: that is a suggestion, or was kept already.
        """
        if not chosen.columns or chosen.grain is None:
            return
        if replace(chosen, left_out=before.left_out) == before:
            return
        template = template_of(chosen, created=date.today(), table=table, seen=look(table))
        with self._lock:
            self._forget_unnamed(template)
            self._write(template)

    def save(self, name: str, table: Table, chosen: Mapping) -> Kept:
        """Keep the mapping of a table under a name, in place of the template that has the name.

        Raises InputError("template_name") for a name without letters, and
        InputError("template_no_grain").
        """
        template = template_of(
            chosen,
            created=date.today(),
            name=plain_name(name),
            table=table,
            seen=look(table),
            confirmed=self._is_confirmed(chosen),
        )
        with self._lock:
            before = self.called(template.name)
            self._forget_unnamed(template)
            return self._write(template, before.id if before else None)

    def rename(self, template_id: str, name: str) -> Kept:
        """Give a template another name.

        Raises NotFoundError("unknown_template"), InputError("template_name"), and
        InputError("template_name_taken") where another one has it.
        """
        with self._lock:
            kept = self.get(template_id)
            template = kept.template.named(name)
            other = self.called(template.name)
            if other and other.id != template_id:
                raise InputError("template_name_taken", name=template.name)
            return self._write(template, template_id, kept.saved)

    def remove(self, template_id: str) -> None:
        """Delete a template; raises NotFoundError("unknown_template")."""
        with self._lock:
            self._path(self.get(template_id).id).unlink(missing_ok=True)

    def export(self, template_id: str) -> bytes:
        """A template as a file to send; raises NotFoundError("unknown_template")."""
        return to_json(self.get(template_id).template)

    def add(self, data: bytes, file: str = "") -> Kept:
        """Keep the template in a file called `file`, as `keep` does.

        Raises what `mapping.templates.file.from_json` raises.
        """
        return self.keep(from_json(data, file=file))

    def keep(self, template: Template) -> Kept:
        """Keep a template; one whose name is taken gets a number, the same twice stays one."""
        with self._lock:
            same = next((item for item in self.all() if item.template == template), None)
            if same:
                return self._write(template, same.id)
            return self._write(replace(template, name=self._free_name(template.name)))

    def _is_confirmed(self, chosen: Mapping) -> bool:
        """Whether the user answered anything in this mapping: more than a system's own."""
        if any(item.why.code in _SETTLED for item in chosen.columns):
            return True
        return any(
            kept.template.fingerprint == chosen.fingerprint and kept.template.confirmed
            for kept in self.all()
        )

    def _free_name(self, name: str) -> str:
        taken = {item.template.name.casefold() for item in self.named()}
        free, number = name, 1
        while free.casefold() in taken:
            number += 1
            ending = f" ({number})"
            free = name[: LONGEST_NAME - len(ending)] + ending
        return free

    def _forget_unnamed(self, template: Template) -> None:
        place = (template.fingerprint, template.sheet)
        for kept in self.all():
            known = kept.template
            if not known.name and (known.fingerprint, known.sheet) == place:
                self._path(kept.id).unlink(missing_ok=True)

    def _write(
        self, template: Template, template_id: str | None = None, saved: datetime | None = None
    ) -> Kept:
        kept = Kept(template_id or uuid.uuid4().hex[:16], saved or self._now(), template)
        content = {"saved": kept.saved.isoformat(), "template": json.loads(to_json(template))}
        write_json(self._path(kept.id), content)
        return kept

    def _now(self) -> datetime:
        """A moment after that of every other template, however coarse the clock."""
        last = max((item.saved for item in self.all()), default=None)
        now = datetime.now(UTC)
        return now if last is None or now > last else last + timedelta(microseconds=1)

    def _path(self, template_id: str) -> Path:
        return self._folder / f"{template_id}.json"

    def _take_over(self) -> None:
        """Turn mappings that an earlier version remembered into templates without a name."""
        for path in sorted(self._earlier.glob("*.json"), key=lambda path: path.stat().st_mtime):
            if template := _earlier(path):
                when = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                self._write(template, path.stem[:16], when)
                path.unlink(missing_ok=True)


def templates_of(kept: Iterable[Kept]) -> tuple[Template, ...]:
    """The templates alone, in the same order."""
    return tuple(item.template for item in kept)


def _read(path: Path) -> Kept | None:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        data = json.dumps(content["template"]).encode()
        saved = datetime.fromisoformat(content["saved"]).astimezone(UTC)
        return Kept(path.stem, saved, from_json(data, unnamed=True))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _earlier(path: Path) -> Template | None:
    try:
        chosen = from_plain(Mapping, json.loads(path.read_text(encoding="utf-8")))
        created = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        return template_of(chosen, created=created)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
