"""A text file as blocks of whole lines in UTF-8 with Unix ends, memory flat."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm_metrics.errors import LimitError
from crm_metrics.intake.ledger import Ledger
from crm_metrics.intake.limits import BLOCK_BYTES, MAX_LINE_BYTES, MEGABYTE, SAMPLE_BYTES
from crm_metrics.intake.text.encoding import Encoding, detect, named

# Latin-1 control codes in text are cp1252 punctuation that somebody decoded as Latin-1.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
_HAS_C1 = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(slots=True)
class TextFile:
    """A text file, how it is encoded, and what decoding it had to replace."""

    path: Path
    encoding: Encoding
    mac_ends: bool = False
    bad: int = 0
    bad_examples: list[str] = field(default_factory=list)

    def blocks(
        self, *, size: int = BLOCK_BYTES, progress: Callable[[float], object] | None = None
    ) -> Iterator[bytes]:
        """Blocks of whole lines: UTF-8, each line but the file's last with a Unix end.

        NUL bytes are dropped. Raises LimitError for a line above the limit.
        """
        self.bad, self.bad_examples = 0, []
        total = max(self.path.stat().st_size, 1)
        rest = cut_end = b""
        for decoded, done in self._decoded(size):
            # The border of a read may stand in the middle of a line end.
            piece = cut_end + decoded
            cut_end = b"\r" if piece.endswith(b"\r") else b""
            block = rest + self._with_unix_ends(piece.removesuffix(cut_end))
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            if len(rest) > MAX_LINE_BYTES:
                raise LimitError("line_too_long", limit=MAX_LINE_BYTES // MEGABYTE)
            if cut:
                yield block[:cut]
            if progress:
                progress(min(done / total, 1.0))
        rest += self._with_unix_ends(cut_end)
        if rest:
            yield rest

    def _decoded(self, size: int) -> Iterator[tuple[bytes, int]]:
        decoder = codecs.getincrementaldecoder(self.encoding.codec)(errors="replace")
        plain = self.encoding.codec == "utf-8"
        held, done = b"", 0
        with self.path.open("rb") as file:
            file.seek(self.encoding.mark)
            while True:
                raw = file.read(size)
                done += len(raw)
                if plain:
                    held, piece = self._utf8(held + raw, last=not raw)
                else:
                    text = decoder.decode(raw, final=not raw)
                    self._count_bad(text, 0)
                    piece = text.encode("utf-8", "replace")
                if _HAS_C1.search(piece):
                    piece = piece.decode("utf-8").translate(_C1).encode("utf-8")
                yield piece.replace(b"\x00", b"") if b"\x00" in piece else piece, done
                if not raw:
                    return

    def _utf8(self, data: bytes, *, last: bool) -> tuple[bytes, bytes]:
        """Check UTF-8 up to the last line end; the tail waits for its other half."""
        cut = len(data) if last else data.rfind(b"\r" if self.mac_ends else b"\n") + 1
        if not cut and len(data) > MAX_LINE_BYTES:
            raise LimitError("line_too_long", limit=MAX_LINE_BYTES // MEGABYTE)
        piece = data[:cut]
        try:
            piece.decode("utf-8")
        except UnicodeDecodeError:
            text = piece.decode("utf-8", "replace")
            self._count_bad(text, piece.count(b"\xef\xbf\xbd"))
            piece = text.encode("utf-8")
        return data[cut:], piece

    def _count_bad(self, text: str, known: int) -> None:
        bad = text.count("\ufffd") - known
        if bad > 0:
            self.bad += bad
            if len(self.bad_examples) < 3:
                at = text.find("\ufffd")
                self.bad_examples.append(text[max(0, at - 30) : at + 30].strip())

    def _with_unix_ends(self, piece: bytes) -> bytes:
        if self.mac_ends:
            return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return piece.replace(b"\r\n", b"\n") if b"\r" in piece else piece


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
    text = samples[0][found.mark :].decode(found.codec, "replace").replace("\r\n", "\n")
    return TextFile(path, found, mac_ends=text.count("\r") > text.count("\n"))


def note_decoding(ledger: Ledger, file: TextFile) -> None:
    """Note what had to be guessed and replaced to decode a file."""
    if file.encoding.guessed:
        ledger.issue("encoding_guessed", file.encoding.name)
    if file.bad:
        for example in file.bad_examples:
            ledger.issue("bad_bytes", example, count=1)
        ledger.issue("bad_bytes", count=file.bad - len(file.bad_examples))
