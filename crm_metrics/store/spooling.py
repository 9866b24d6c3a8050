"""An upload goes to disk in small reads, so that its bytes need not stay in memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from crm_metrics.errors import LimitError

UPLOAD_LIMIT = 500 * 1024 * 1024
_CHUNK = 1024 * 1024


def spool(stream: BinaryIO, name: str | None = None, folder: Path | None = None) -> Path:
    """Copy a stream to `folder` (a temporary one by default) and return the file's path.

    The file is called by the sha256 of its bytes, never by `name`, which only words the error.
    Raises LimitError("too_large") above 500 MB.
    """
    target = folder or Path(tempfile.mkdtemp(prefix="crm_metrics_upload_"))
    target.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle, part = tempfile.mkstemp(prefix=".spool-", dir=target)
    size = 0
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                _refuse_above(size, name or str(getattr(stream, "name", "")))
                digest.update(chunk)
                file.write(chunk)
        path = target / digest.hexdigest()
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return path


def _refuse_above(size: int, name: str) -> None:
    if size > UPLOAD_LIMIT:
        raise LimitError("too_large", file=name, limit_mb=UPLOAD_LIMIT // (1024 * 1024))
