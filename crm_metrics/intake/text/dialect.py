"""Which character divides the fields of a text, and which one quotes them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from crm_metrics.intake.layout.cells import shape
from crm_metrics.intake.text.splitting import doubled, split_line, split_strict

_HINT = re.compile(r"\s*\"?sep=(\\t|.)\"?[\s,;]*$", re.IGNORECASE)
_MOST_CELL_LINES = 8
_SAMPLE_LINES = 300
_MIN_SPACED = 0.55
_PLAIN = (",", ";", "\t", "|")
_RARE = ("^", "~", "*", "!", "#", "&", "\x1f", "\x1e", "\x01", ":")
_LONG = ("^|^", "~|~", "||", "::", ";;", "~~")
_MIN_RARE = 0.45
_BETWEEN = {mark: re.compile(rf"\S{re.escape(mark)}\S") for mark in (*_PLAIN, "^", "~")}
"""A delimiter in the middle of a cell."""
_RUN = re.compile(r"\S {2,}\S")
_SEPARATOR = "\x1f"
"""Stands for a delimiter of several characters."""
_NUMBERISH = re.compile(r"[\d.,:+\-/]+")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a line is divided.

    `delimiter` is one character or a few, or "" for a single column; `quote` is one or "".
    With `aligned`, columns are lined up by runs of spaces: `gap` is the shortest run that divides.
    With `padded`, spaces stand around the delimiters; with `escaped`, a backslash stands before a
    quote inside of quotes.
    """

    delimiter: str
    quote: str = '"'
    aligned: bool = False
    gap: int = 1
    padded: bool = False
    escaped: bool = False

    def prepared(self, text: bytes) -> bytes:
        """Lines made ready for splitting: a TAB for runs of spaces, quotes doubled, no padding."""
        if self.aligned:
            text = re.sub(rb"(?m)^[ \t]+|[ \t]+$", b"", text)
            return re.sub(rb"[ \t]{2,}|\t" if self.gap > 1 else rb"[ \t]+", b"\t", text)
        if self.escaped:
            text = doubled(text, self.quote.encode())
        if self.padded or len(self.delimiter) > 1:
            mark, divider = re.escape(self.delimiter.encode()), self.divider.encode()
            pattern = re.compile(rb" *" + mark + rb" *" if self.padded else mark)
            quote = self.quote.encode()
            lines = text.split(b"\n")
            text = b"\n".join(_redivided(line, pattern, divider, quote) for line in lines)
        return text

    @property
    def prepares(self) -> bool:
        """Whether lines have to be made ready."""
        return self.aligned or self.padded or self.escaped or len(self.delimiter) > 1

    @property
    def divider(self) -> str:
        """The character between fields after `prepared`."""
        if self.aligned:
            return "\t"
        return self.delimiter if len(self.delimiter) < 2 else _SEPARATOR

    def split(self, line: str) -> list[str]:
        """The fields of a prepared line."""
        return split_line(line, self.divider, self.quote)


def hinted(line: str) -> str | None:
    """The delimiter that a first line `sep=;` names, as Excel writes it."""
    match = _HINT.match(line.lstrip("\ufeff"))
    if match is None:
        return None
    return "\t" if match[1] == "\\t" else match[1]


def detect(lines: Sequence[str], *, delimiter: str | None = None) -> Dialect:
    """The dialect of a text by its first lines; delimiter "" if nothing divides them.

    A `delimiter` that is given, or that the first line names, stands.
    """
    hint = hinted(lines[0]) if lines else None
    sample = [line for line in lines if line.strip() and not line.startswith("#")][:_SAMPLE_LINES]
    if delimiter or hint:
        return _with_delimiter(delimiter or hint or "", sample[bool(hint) :])[0]
    best, best_score = _divided(sample)
    below = () if best.delimiter else _below_titles(sample)
    if below:
        best, best_score = _divided(below)
    spaced = _spaced(sample)
    if spaced is not None and best_score < 0.6:
        rows = [spaced.split(spaced.prepared(line.encode()).decode()) for line in sample]
        # Every text has spaces: they divide only where the result is plainly a table.
        if _score(rows, " ") > max(best_score, _MIN_SPACED):
            return spaced
    return best


def _divided(sample: Sequence[str]) -> tuple[Dialect, float]:
    """The delimiter that divides the lines best, spaces left out, and how table-like it is."""
    best, best_score = Dialect("", '"'), 0.12
    long = next((mark for mark in _LONG if _divides(sample, mark) and _only(sample, mark)), None)
    if long:
        return _with_delimiter(long, sample)[0], 1.0
    for candidate in (*_PLAIN, *_RARE):
        if not any(candidate in line for line in sample):
            continue
        if candidate in _RARE and (best_score > 0.6 or not _divides(sample, candidate)):
            continue
        found, score = _with_delimiter(candidate, sample)
        if score > best_score * 1.001 and (candidate in _PLAIN or score > _MIN_RARE):
            best, best_score = found, score
    return best, best_score


def _below_titles(sample: Sequence[str]) -> Sequence[str]:
    """The lines from the first two on that a delimiter divides into as many fields, three or more.

    A long preamble over a short table hides what divides the table.
    """
    for at, (line, below) in enumerate(pairwise(sample)):
        if any(line.count(mark) == below.count(mark) > 1 for mark in _PLAIN):
            return sample[at:]
    return ()


def _with_delimiter(delimiter: str, sample: Sequence[str]) -> tuple[Dialect, float]:
    """The dialect of the sample if this divides it, and how table-like the result is."""
    padded = _is_padded(sample, delimiter)
    quote = _quote(sample, f"{delimiter} " if padded else delimiter)
    found = Dialect(delimiter, quote, padded=padded, escaped=_is_escaped(sample, delimiter, quote))
    if found.prepares:
        sample = found.prepared("\n".join(sample).encode()).decode().split("\n")
    rows = [split_line(line, found.divider, quote) for line in _joined(sample, quote)]
    return found, _score(rows, delimiter)


def _is_padded(sample: Sequence[str], delimiter: str) -> bool:
    """Whether a space stands after every delimiter, as nobody writes numbers and dates."""
    if delimiter in "\t ":
        return False
    # What stands inside of quotes divides nothing.
    bare = ['""'.join(line.split('"')[::2]) for line in sample]
    counts = [(line.count(delimiter), line.count(delimiter + " ")) for line in bare]
    found = sum(count for count, _ in counts)
    return found > 0 and sum(spaced for _, spaced in counts) >= 0.98 * found


def _is_escaped(sample: Sequence[str], delimiter: str, quote: str) -> bool:
    """Whether backslashes before quotes make sense of lines that make none without."""
    helped = hurt = 0
    for line in _joined(sample, quote):
        if "\\" + quote not in line:
            continue
        plain = split_strict(line, delimiter, quote) is not None
        other = doubled(line.encode(), quote.encode()).decode()
        escaped = split_strict(other, delimiter, quote) is not None
        helped += escaped and not plain
        hurt += plain and not escaped
    return helped > hurt


def _only(sample: Sequence[str], mark: str) -> bool:
    """Whether the characters of a long delimiter stand nowhere but in it, and never repeat it."""
    texts = [line.replace(mark, "") for line in sample]
    return not any(set(mark) & set(text) for text in texts) and not any(
        mark * 2 in line for line in sample
    )


def _divides(sample: Sequence[str], delimiter: str) -> bool:
    """Whether a character that is seldom a delimiter stands as often in most lines as one would."""
    counts = Counter(line.count(delimiter) for line in sample)
    usual, lines = counts.most_common(1)[0] if counts else (0, 0)
    least = 2 if delimiter in ":!*#&" else 1
    if usual < least or lines < (0.6 if len(delimiter) < 2 else 0.9) * len(sample):
        return False
    return delimiter != ":" or not all(shape(line) in {"time", "date", "url"} for line in sample)


def _redivided(line: bytes, pattern: re.Pattern[bytes], divider: bytes, quote: bytes) -> bytes:
    """The line with `divider` for every match of the pattern outside of quotes."""
    if not quote or quote not in line:
        return pattern.sub(divider, line)
    parts = line.split(quote)
    parts[::2] = [pattern.sub(divider, part) for part in parts[::2]]
    return quote.join(parts)


def _quote(sample: Sequence[str], delimiter: str) -> str:
    """The apostrophe quotes where fields begin and end with it and the quotation mark does not.

    Only fields that hold a word, not framed by delimiters, count: in `x,','` and `',0,'` the
    apostrophes are cells of their own.
    """
    edge = re.escape(delimiter)
    counts = {}
    for mark in "\"'":
        inner = rf"(?:[^{mark}\\]|\\.|{mark}{mark})*"
        field = re.compile(rf"(?:^|{edge}){mark}({inner}){mark}(?={edge}|$)")
        fields = (text for line in sample for text in field.findall(line[:20_000]))
        counts[mark] = sum(
            any(map(str.isalnum, text))
            and not (text.startswith(delimiter) and text.endswith(delimiter))
            for text in fields
        )
    return "'" if counts["'"] > 2 * counts['"'] and counts["'"] >= 2 else '"'


def _joined(sample: Sequence[str], quote: str) -> list[str]:
    """The lines with those in one where a quoted cell goes on; a stray quote takes none along."""
    joined: list[str] = []
    place = 0
    while place < len(sample):
        line, after = sample[place], place + 1
        while line.count(quote) % 2 and after < min(place + _MOST_CELL_LINES, len(sample)):
            line, after = f"{line}\n{sample[after]}", after + 1
        if line.count(quote) % 2:
            line, after = sample[place], place + 1
        joined.append(line)
        place = after
    return joined


def _score(rows: Sequence[Sequence[str]], delimiter: str) -> float:
    """How table-like a split is: lines of one width, cells that look like values."""
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0
    width, share = max(
        ((w, n / len(rows)) for w, n in widths.items()),
        key=lambda item: (item[0] > 1) * item[1] * (1 - 1 / item[0]),
    )
    if width < 2:
        return 0.0
    run = [len(row) for row in rows]
    alike = sum(
        w > 1 and w in (run[i - 1] if i else 0, run[i + 1] if i + 1 < len(run) else 0)
        for i, w in enumerate(run)
    ) / len(rows)
    pattern = (0.6 * share + 0.4 * alike) * (1 - 1 / (width + 1))
    cells = [cell for row in rows if len(row) == width for cell in row][:6000]
    return pattern * sum(_cleanness(cell, delimiter) for cell in cells) / max(len(cells), 1)


def _cleanness(cell: str, delimiter: str) -> float:
    """1 for a value, less for a text that seems to hold several fields or half of one."""
    text = cell.strip()
    if shape(text) != "text":
        return 1.0
    for other, between in _BETWEEN.items():
        if other != delimiter and other in text and between.search(text):
            parts = text.split(other)
            return 0.15 if len(parts) > 2 or all(_NUMBERISH.fullmatch(p) for p in parts) else 0.5
    if delimiter in ", " and cell[:1] == " " and len(text) > 3:
        return 0.4  # a comma with a space after it is a comma of a sentence
    return 0.85


def _spaced(sample: Sequence[str]) -> Dialect | None:
    """Columns divided by spaces: lined up by runs, or by a single space between values."""
    body = [line.strip() for line in sample]
    runs = sum(bool(_RUN.search(line)) for line in body)
    if body and runs >= 0.8 * len(body):
        by_run = Counter(len(re.split(r" {2,}|\t", line)) for line in body)
        by_any = Counter(len(line.split()) for line in body)
        # Lone spaces divide too where all that they divide are values, and not words of a name.
        values = sum(shape(word) != "text" for line in body for word in line.split())
        words = sum(len(line.split()) for line in body)
        steady = by_any.most_common(1)[0][1] >= 0.95 * len(body)
        if steady and (values >= 0.95 * words or len(by_run) > 1):
            return Dialect(" ", "", aligned=True)
        if by_run.most_common(1)[0][1] >= 0.8 * len(body):
            return Dialect(" ", "", aligned=True, gap=2)
    if body and any(" " in line for line in body):
        quoted = any('"' in line for line in body)
        ragged = any("  " in line for line in body)
        return Dialect(" ", '"') if quoted or not ragged else Dialect(" ", "", aligned=True)
    return None
