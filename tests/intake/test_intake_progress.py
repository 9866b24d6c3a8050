"""Progress rises to 1, and whoever hears it can end the reading without a trace."""

from __future__ import annotations

import gzip
import io
import os
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crm_metrics.errors import Cancelled, InputError
from crm_metrics.intake import read

ROWS = 30_000
CSV = "Дата;Кампания;Расход;Клики\n" + "".join(
    f"{1 + i % 28:02}.03.2025;Весна {i};{i},50;{i % 90}\n" for i in range(ROWS)
)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("one.csv", "two.csv", "three.csv"):
            archive.writestr(name, CSV)
    return out.getvalue()


def workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    sheet.append(["Campaign", "Clicks"])
    for i in range(2_000):
        sheet.append([f"Spring {i}", i])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES = {
    "csv": CSV.encode(),
    "cp1251": CSV.encode("cp1251"),
    "gz": gzip.compress(CSV.encode()),
    "zip": zipped(),
    "xlsx": workbook(),
    "html": b"<table>" + b"<tr><td>name</td><td>5</td></tr>" * 3_000 + b"</table>",
    "jsonl": b'{"id": 1, "name": "a"}\n' * 50_000,
}


@pytest.fixture(params=FILES)
def upload(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(FILES[request.param])
    return path


def heard(upload: Path, work: Path) -> list[float]:
    shares: list[float] = []
    read(upload, workdir=work, progress=shares.append)
    return shares


def test_progress_rises_to_one(upload: Path, tmp_path: Path) -> None:
    shares = heard(upload, tmp_path / "work")
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert 0.0 <= shares[0] < 1.0


@pytest.mark.parametrize("error", [Cancelled(), InputError("empty_file")])
def test_whatever_progress_raises_ends_the_reading_without_a_trace(
    error: BaseException, upload: Path, tmp_path: Path
) -> None:
    before = threading.active_count()
    for at in (0.0, 0.5, 1.0):
        work = tmp_path / f"work-{at}"

        def stop(share: float, at: float = at) -> None:
            if share >= at:
                raise error

        with pytest.raises(type(error)) as raised:
            read(upload, workdir=work, progress=stop)
        assert raised.value is error
        assert list(work.iterdir()) == []
        assert threading.active_count() <= before


def test_a_long_text_asks_at_every_block(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(CSV.encode() * 8)
    inside = [share for share in heard(path, tmp_path / "work") if 0 < share < 0.9]
    assert len(set(inside)) >= 4


def test_an_archive_shares_the_progress_among_its_files(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(zipped())
    shares = heard(path, tmp_path / "work")
    assert all(any(third / 3 <= s < (third + 1) / 3 for s in shares) for third in range(3))


def test_what_a_killed_process_left_goes_with_the_next_reading(tmp_path: Path) -> None:
    work = tmp_path / "work"
    for name, age in (("reading-old", 7_200), ("reading-new", 60)):
        left = work / name / "made"
        left.mkdir(parents=True)
        (left / "raw.parquet").write_bytes(b"half")
        then = (work / name).stat().st_mtime - age
        os.utime(work / name, (then, then))
    path = tmp_path / "upload"
    path.write_bytes(b"a;b\n1;2\n")
    (table,) = read(path, workdir=work)
    assert sorted(work.iterdir()) == sorted([table.path, work / "reading-new"])
