"""A text file as blocks of whole lines in UTF-8 with Unix ends, memory flat."""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from crm_metrics.errors import LimitError
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import (
    BLOCK_BYTES,
    MAX_LINE_BYTES,
    MEGABYTE,
    PREVIEW_BYTES,
    SAMPLE_BYTES,
)
from crm_metrics.intake.text.encoding import SINGLE_BYTE, Encoding, detect, named
from crm_metrics.intake.text.line_ends import returns_end_lines
from crm_metrics.intake.text.mixed import foreign_codec, may_hold_utf8, read_foreign, read_utf8

# Latin-1 control codes in text are cp1252 punctuation that somebody decoded as Latin-1.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_C1_LEAD, _C1_END = 0xC2, 0xA0
_HIGH, _LEAD, _LEAD_OF_3, _LEAD_OF_4 = 0x80, 0xC0, 0xE0, 0xF0
_NEWLINE, _CR = b"\n\r"
_READ_BYTES = 1024 * 1024
"""Small enough for the steps of decoding to stay in the processor's cache."""


@dataclass(slots=True)
class TextFile:
    """A text file, how it is encoded, and the state of its last reading.

    That is what decoding had to replace, the share `done`, and whether it was `partial`.
    """

    path: Path
    encoding: Encoding
    mac_ends: bool = False
    bad: int = 0
    bad_examples: list[str] = field(default_factory=list)
    mixed: int = 0
    mixed_examples: list[str] = field(default_factory=list)
    done: float = 0.0
    partial: bool = False

    def blocks(self, *, size: int = BLOCK_BYTES, preview: bool = False) -> Iterator[bytes]:
        """Blocks of whole lines: UTF-8, each line but the file's last with a Unix end.

        Of a `preview` there is one block of the first lines. NUL bytes are dropped. Raises
        LimitError for a line above the limit.
        """
        size = PREVIEW_BYTES if preview else size
        parts: list[bytes] = []
        held = 0
        for piece in self.pieces(read_bytes=min(size, _READ_BYTES)):
            parts.append(piece)
            held += len(piece)
            if held < size:
                continue
            block = b"".join(parts)
            cut = block.rfind(b"\n") + 1
            parts, held = [block[cut:]], len(block) - cut
            if held > MAX_LINE_BYTES:
                raise LimitError("line_too_long", limit=MAX_LINE_BYTES // MEGABYTE)
            if cut:
                self.partial = preview and (self.done < 1.0 or held > 0)
                yield block[:cut]
                if self.partial:
                    return
        rest = b"".join(parts)
        if rest:
            yield rest

    def pieces(self, *, read_bytes: int | None = None) -> Iterator[bytes]:
        """The text in UTF-8 with Unix ends, cut between any two characters, without NUL bytes."""
        self.bad, self.bad_examples, self.done, self.partial = 0, [], 0.0, False
        self.mixed, self.mixed_examples = 0, []
        decoder = codecs.getincrementaldecoder(self.encoding.codec)(errors="replace")
        plain = self.encoding.codec == "utf-8"
        size = max(self.path.stat().st_size, 1)
        held = cut_end = b""
        with self.path.open("rb") as file:
            file.seek(self.encoding.mark)
            last = False
            while not last:
                raw = file.read(read_bytes or _READ_BYTES)
                last = not raw
                if plain:
                    data = held + raw
                    cut = len(data) if last else _whole(data)
                    held, piece = data[cut:], self._utf8(data[:cut])
                elif self._single_byte and may_hold_utf8(held + raw):
                    data = held + raw
                    cut = len(data) if last else data.rfind(self._end) + 1
                    held, piece = data[cut:], self._with_utf8(data[:cut])
                else:
                    text = decoder.decode(held + raw, final=last)
                    held = b""
                    self._count_bad(text, 0)
                    piece = text.encode("utf-8", "replace")
                # The border of a read may stand in the middle of a line end.
                piece = cut_end + _without_controls(piece)
                cut_end = b"\r" if piece.endswith(b"\r") and not last else b""
                self.done = min(file.tell() / size, 1.0)
                yield self._with_unix_ends(piece[: len(piece) - len(cut_end)])

    def _utf8(self, data: bytes) -> bytes:
        """The bytes, with what is no UTF-8 replaced and counted."""
        if _is_utf8(data):
            return data
        lines = data.split(self._end)
        codec = foreign_codec(lines)
        texts = []
        for line in lines:
            foreign = read_foreign(line, codec)
            self._count_mixed(foreign)
            texts.append(foreign if foreign is not None else line.decode("utf-8", "replace"))
        text = self._end.decode().join(texts)
        self._count_bad(text, data.count(b"\xef\xbf\xbd"))
        return text.encode("utf-8")

    def _with_utf8(self, data: bytes) -> bytes:
        """Whole lines in a one-byte encoding, those in UTF-8 among them left as they are."""
        texts = []
        for line in data.split(self._end):
            foreign = read_utf8(line)
            self._count_mixed(foreign)
            own = line.decode(self.encoding.codec, "replace") if foreign is None else foreign
            texts.append(own)
        text = self._end.decode().join(texts)
        self._count_bad(text, 0)
        return text.encode("utf-8")

    @property
    def _single_byte(self) -> bool:
        return self.encoding.codec in SINGLE_BYTE

    @property
    def _end(self) -> bytes:
        return b"\r" if self.mac_ends else b"\n"

    def _count_mixed(self, line: str | None) -> None:
        if line is not None:
            self.mixed += 1
            if len(self.mixed_examples) < 3:
                self.mixed_examples.append(line.strip())

    def _count_bad(self, text: str, known: int) -> None:
        bad = text.count("\ufffd") - known
        if bad > 0:
            self.bad += bad
            if len(self.bad_examples) < 3:
                at = text.find("\ufffd")
                self.bad_examples.append(text[max(0, at - 30) : at + 30].strip())

    def _with_unix_ends(self, piece: bytes) -> bytes:
        if b"\r" not in piece:
            return piece
        if self.mac_ends:
            piece = piece.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
            return piece.replace(b"\r", b"\n")
        data = np.frombuffer(piece, np.uint8)
        returns = data == _CR
        ends = np.count_nonzero(returns[:-1] & (data[1:] == _NEWLINE))
        if ends == np.count_nonzero(returns):
            return data[~returns].tobytes()
        return piece.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")


def ahead(blocks: Iterator[bytes]) -> Generator[bytes]:
    """The same blocks, each made in a thread while the one before is used."""
    with ThreadPoolExecutor(1) as hand:
        coming = hand.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = hand.submit(next, blocks, None)
            yield block


def _whole(data: bytes) -> int:
    """The length of UTF-8 without a character whose last bytes are still to come."""
    for back in range(1, min(4, len(data) + 1)):
        byte = data[-back]
        if byte >= _LEAD:
            needed = 2 if byte < _LEAD_OF_3 else 3 if byte < _LEAD_OF_4 else 4
            return len(data) - back if needed > back else len(data)
        if byte < _HIGH:
            break
    return len(data)


def _is_utf8(data: bytes) -> bool:
    """Checked by Arrow: twice as fast as decoding, and other threads run meanwhile."""
    edges = pa.py_buffer(np.array([0, len(data)], np.int32))
    text = pa.StringArray.from_buffers(1, edges, pa.py_buffer(data))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _without_controls(piece: bytes) -> bytes:
    """UTF-8 without NUL bytes, its C1 codes read as the punctuation that they were."""
    data = np.frombuffer(piece, np.uint8)
    if bool(((data[:-1] == _C1_LEAD) & (data[1:] < _C1_END)).any()):
        piece = piece.decode("utf-8").translate(_C1).encode("utf-8")
    return piece.replace(b"\x00", b"") if b"\x00" in piece else piece


def open_text(path: Path, *, encoding: str | None = None) -> TextFile:
    """Look at samples of a text file and settle its encoding (or take the one given) and ends."""
    size = path.stat().st_size
    samples = []
    with path.open("rb") as file:
        samples.append(file.read(SAMPLE_BYTES))
        for part in (1, 2, 3) if size > 4 * SAMPLE_BYTES else ():
            file.seek(size * part // 4 // 4 * 4)
            samples.append(file.read(SAMPLE_BYTES // 4))
    found = detect(samples) if encoding is None else named(encoding, samples[0])
    text = samples[0][found.mark :].decode(found.codec, "replace").replace("\x00", "")
    return TextFile(path, found, mac_ends=returns_end_lines(text))


def note_decoding(ledger: Ledger, file: TextFile) -> None:
    """Note what had to be guessed and replaced to decode a file."""
    if file.encoding.guessed:
        ledger.issue("encoding_guessed", file.encoding.name)
    if file.mixed:
        for example in file.mixed_examples:
            ledger.issue("mixed_encodings", example, count=1)
        ledger.issue("mixed_encodings", count=file.mixed - len(file.mixed_examples))
    if file.bad:
        for example in file.bad_examples:
            ledger.issue("bad_bytes", example, count=1)
        ledger.issue("bad_bytes", count=file.bad - len(file.bad_examples))
