"""Inputs for the fuzz run: real and made files of every kind, damaged from a seed; what must hold.

By hand, with other seeds, for as long as wanted:
`python -m tests.intake.fuzzing FIRST_SEED COUNT`.
"""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import json
import lzma
import random
import signal
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from crm_metrics.errors import CrmMetricsError
from crm_metrics.intake import Table, read
from crm_metrics.intake.aside import lines_set_aside
from crm_metrics.texts import LANGUAGES, t
from tests.intake import catalogue

ROOT = Path(__file__).parent.parent.parent
CPU_SECONDS = 100
"""Far above a hundredth of a second, which most of these inputs need, and the half a minute that
reading gives at most to the damaged lines of one table."""
_NO_DATE = (1980, 1, 1, 0, 0, 0)
_STRANGE = (
    *(b"\x00", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"\t", b"|", b"\\", b"\xff", b"\xfe"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"sep=;\n",
        b'"\n"',
        b"<table>",
        b"<td colspan=99999>",
        b"{",
        b"[",
    ),
    *(
        b"}",
        b"]",
        b"\\u0000",
        b"\\ud800",
        b"PK\x03\x04",
        b"\x1f\x8b",
        "Итого".encode("cp1251"),
        b"Total",
    ),
    *(
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\x1a",
        b"1e999",
        b"-",
        b"\n\n\n",
        b'""',
        b"#",
        b"99999999999999",
    ),
)


@functools.cache
def text_seeds() -> tuple[bytes, ...]:
    """Small files of every kind that is read in this process."""
    lines = [
        b"".join(path.read_bytes().splitlines(keepends=True)[:count])
        for path in sorted(
            (*ROOT.glob("tests/data/*.[ct][sx][vt]"), *ROOT.glob("sample_data/*.csv"))
        )
        for count in (6, 40)
    ]
    exports = catalogue.tables() + catalogue.variants()
    made = [catalogue.as_text(export) for export in exports]
    pages = [catalogue.as_html(export) for export in exports[::6]]
    russian = made[0].decode("utf-8", "replace") + "Дата;Сумма\n"
    coded = [russian.encode(name, "replace") for name in ("utf-16", "utf-16-be", "cp1251", "cp866")]
    plain = [*lines, *made, *pages, *coded, *_chats(), *_json()]
    packed = [pack(seed) for pack in _PACKERS for seed in (plain[0], pages[0], _json()[0])]
    return (*plain, *packed)


@functools.cache
def workbook_seeds() -> tuple[bytes, ...]:
    """Workbooks of every format, which another process reads."""
    real = [path.read_bytes() for path in sorted(ROOT.glob("tests/data/workbooks/*"))]
    return (*real, catalogue.as_workbook(catalogue.tables()[:2]))


def damaged(source: random.Random, seeds: tuple[bytes, ...]) -> bytes:
    """One input: a seed with up to six damages, now and then nothing but random bytes."""
    if source.random() < 0.02:
        return source.randbytes(source.randrange(1, 400))
    content = source.choice(seeds)
    if content.startswith(b"PK") and source.random() < 0.7:
        return _repacked(source, content)
    for _ in range(source.choice((1, 1, 1, 2, 3, 6))):
        content = source.choice(_DAMAGES)(source, content, seeds)
    return content or b"\n"


def check(folder: Path, content: bytes) -> list[Table]:
    """Read an input; assert that it ends in whole tables or in a plain sentence, and in time."""
    path = folder / "upload"
    path.write_bytes(content)
    work = folder / "work"
    tables, refusal = _read(path, work)
    if refusal is not None:
        assert all(t(f"error.{refusal.code}", lang, **refusal.params) for lang in LANGUAGES)
        assert not any(work.iterdir())
        return []
    assert tables
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        account = table.account
        assert account.lines == account.records + sum(account.set_aside.values())
        assert len(list(lines_set_aside(table))) == sum(account.set_aside.values())
        frame = table.frame()
        assert len(frame) == account.records == table.records > 0
        assert len(frame.columns) == len(table.headers) == len(set(table.headers))
        for issue in table.issues:
            assert issue.count > 0
            assert all(t(f"issue.{issue.code}", lang, count=issue.count) for lang in LANGUAGES)
    if tables[0].how.container in {"text", "jsonl"}:
        assert sum(table.account.lines for table in tables) in lines_of(content, tables[0])
    for table in tables:
        table.path.unlink()
        if table.aside is not None:
            table.aside.unlink()
    assert not any(work.iterdir())
    return tables


def _read(path: Path, work: Path) -> tuple[list[Table], CrmMetricsError | None]:
    try:
        with in_time():
            return read(path, name="file.csv", workdir=work), None
    except CrmMetricsError as error:
        return [], error


def lines_of(content: bytes, table: Table) -> set[int]:
    """How many physical lines a text has, counted the plain way.

    A return on its own may end a line or be a letter of a cell: two answers.
    """
    encoding = table.how.encoding or "utf-8"
    text = content.decode(encoding, "replace").removeprefix("\ufeff").replace("\x00", "")
    text = text.replace("\r\r\n", "\n").replace("\r\n", "\n")
    both = (text, text.replace("\r", "\n"))
    return {each.count("\n") + (not each.endswith("\n")) for each in both}


@contextmanager
def in_time() -> Iterator[None]:
    """Fail, rather than hang, where the body takes more than CPU_SECONDS of processor time."""

    def out_of_time(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGPROF, out_of_time)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _chats() -> list[bytes]:
    android = "".join(f"12/03/2026, 09:{i} - Анна: строка {i}\nи ещё\n" for i in range(10, 30))
    iphone = "".join(f"[3/12/26, 9:{i}:00\u202fAM] Shop: \u200eline {i}\r\n" for i in range(10, 30))
    return [android.encode(), iphone.encode()]


def _json() -> list[bytes]:
    events = [
        {"id": i, "mail": {"to": ["a@example.com"], "subject": f"Тема {i}"}, "n": [i / 7, None]}
        for i in range(12)
    ]
    chat = {"name": "x", "messages": [{"id": 1, "text": ["a", {"type": "b", "text": "c"}]}] * 5}
    return [
        "\n".join(map(json.dumps, events)).encode(),
        json.dumps(events, indent=1, ensure_ascii=False).encode(),
        json.dumps({"data": events, "paging": {"next": "u"}}).encode(),
        json.dumps(chat, indent=1).encode(),
        b"".join(json.dumps(event).encode() for event in events),
        json.dumps(
            [["Date", "Clicks"], *([f"2024-03-{i:02d}", i] for i in range(10, 20))]
        ).encode(),
    ]


def _zip(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("one/a.csv", "two/a.csv", "note.txt"):
            archive.writestr(zipfile.ZipInfo(name, _NO_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _tar(content: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("a.csv", "b.csv"):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _zst(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(content, asbytes=True)
    return packed


_PACKERS = (
    _zip,
    _tar,
    _zst,
    bz2.compress,
    lzma.compress,
    lambda content: gzip.compress(content, mtime=0),
    lambda content: gzip.compress(_tar(content), mtime=0),
    lambda content: _zip(_zip(content)),
)


def _repacked(source: random.Random, content: bytes) -> bytes:
    """A zip archive, or a workbook, with one of its files damaged and all sums right again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(out, "w") as archive:
        names = whole.namelist()
        chosen = source.choice(names)
        for name in names:
            part = whole.read(name)
            if name == chosen:
                part = source.choice(_DAMAGES)(source, part, (part,))
            archive.writestr(zipfile.ZipInfo(name, _NO_DATE), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cut(source: random.Random, content: bytes, _: object) -> bytes:
    return content[: source.randrange(len(content) + 1)]


def _behead(source: random.Random, content: bytes, _: object) -> bytes:
    return content[source.randrange(len(content) + 1) :]


def _flip(source: random.Random, content: bytes, _: object) -> bytes:
    data = bytearray(content or b"x")
    for _again in range(source.choice((1, 3, 20))):
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)
    return bytes(data)


def _overwrite(source: random.Random, content: bytes, _: object) -> bytes:
    at, size = source.randrange(len(content) + 1), source.choice((1, 2, 8, 50))
    return content[:at] + source.randbytes(size) + content[at + size :]


def _insert(source: random.Random, content: bytes, _: object) -> bytes:
    at = source.randrange(len(content) + 1)
    return content[:at] + source.choice(_STRANGE) * source.choice((1, 1, 2, 300)) + content[at:]


def _delete(source: random.Random, content: bytes, _: object) -> bytes:
    at = source.randrange(len(content) + 1)
    return content[:at] + content[at + source.choice((1, 1, 5, 100)) :]


def _splice(source: random.Random, content: bytes, seeds: tuple[bytes, ...]) -> bytes:
    other = source.choice(seeds)
    return _cut(source, content, seeds) + _behead(source, other, seeds)


def _double(source: random.Random, content: bytes, _: object) -> bytes:
    start = source.randrange(len(content) + 1)
    end = start + source.choice((1, 20, 300, 3_000))
    return content[:end] + content[start:end] * source.choice((1, 2, 10)) + content[end:]


def _shuffle(source: random.Random, content: bytes, _: object) -> bytes:
    lines = content.splitlines(keepends=True)
    source.shuffle(lines)
    return b"".join(lines)


_DAMAGES = (_cut, _behead, _flip, _overwrite, _insert, _delete, _splice, _double, _shuffle)


def main(first: int, count: int) -> None:
    """Run `count` inputs from a seed on; keep those that fail, and say why."""
    for seed in range(first, first + count):
        source = random.Random(seed)
        content = damaged(source, workbook_seeds() if seed % 50 == 0 else text_seeds())
        with tempfile.TemporaryDirectory() as folder:
            try:
                check(Path(folder), content)
            except Exception as error:  # noqa: BLE001 - it is what is looked for
                kept = Path(tempfile.gettempdir()) / f"fuzz-{seed}"
                kept.write_bytes(content)
                print(seed, type(error).__name__, str(error)[:300], kept)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
