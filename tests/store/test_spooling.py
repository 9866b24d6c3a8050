"""Uploads on their way to disk."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from crm_metrics.errors import LimitError
from crm_metrics.store import spool, spooling


def test_a_stream_is_stored_under_its_hash(tmp_path: Path):
    data = b"x" * 3_000_000
    path = spool(io.BytesIO(data), "../../etc/passwd", tmp_path)
    assert path == tmp_path / hashlib.sha256(data).hexdigest()
    assert path.read_bytes() == data
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_without_a_folder_a_private_one_is_made():
    path = spool(io.BytesIO(b"a"))
    assert path.parent.stat().st_mode & 0o077 == 0
    path.unlink()
    path.parent.rmdir()


def test_reads_are_small(tmp_path: Path):
    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1) -> bytes:
            self.largest = max(self.largest, size or 0)
            return super().read(size)

    stream = Watched(b"x" * 5_000_000)
    spool(stream, "a", tmp_path)
    assert 0 < stream.largest <= 1024 * 1024


def test_too_large_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spooling, "UPLOAD_LIMIT", 2_000_000)
    with pytest.raises(LimitError) as caught:
        spool(io.BytesIO(b"x" * 3_000_000), "big.csv", tmp_path)
    assert caught.value.code == "too_large"
    assert caught.value.params["file"] == "big.csv"
    assert list(tmp_path.iterdir()) == []
