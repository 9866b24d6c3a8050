"""A workbook under a password becomes a plain one."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from crm_metrics.errors import InputError
from crm_metrics.intake.workbook import process

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOBODYS = "VelvetSweatshop"
"""Excel encrypts under this word where only writing is protected, and opens without asking."""


def unlocked(path: Path, password: str | None, folder: Path, shown: str) -> Path:
    """A decrypted copy in the folder, or the file itself where it is not encrypted.

    Opens xlsx, xlsm, xlsb (agile and standard encryption) and xls (RC4, XOR). Raises InputError
    `password_protected` where a password is needed, `wrong_password`, `encryption_unknown`,
    `workbook_broken`, or `workbook_timeout`.
    """
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return path
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        target = folder / f"{Path(scratch).name}.plain"
        arguments = (str(path), str(target))
        secret = password or ""
        answer = process.run("unlocking", arguments, Path(scratch), shown, secret=secret)
    outcome = answer["outcome"]
    if outcome == "plain":
        return path
    if outcome != "unlocked":
        target.unlink(missing_ok=True)
        raise InputError(outcome, file=shown)
    return target


def _unlock(arguments: Sequence[str]) -> dict[str, str]:
    """In a process of its own: try the password that comes as input, then nobody's."""
    import msoffcrypto  # noqa: PLC0415 - only this process needs it
    from msoffcrypto import exceptions  # noqa: PLC0415

    source, target = arguments
    password = sys.stdin.buffer.read().decode()
    with Path(source).open("rb") as file:
        try:
            book = msoffcrypto.OfficeFile(file)
            if not book.is_encrypted():
                return {"outcome": "plain"}
        except Exception:  # noqa: BLE001 - a foreign parser over hostile bytes: all means broken
            return {"outcome": "workbook_broken"}
        for word in filter(None, (password, _NOBODYS)):
            try:
                # The old formats know no check, they check always.
                extra = {"verify_password": True} if book.format == "ooxml" else {}
                book.load_key(password=word, **extra)
                with Path(target).open("wb") as out:
                    book.decrypt(out)
            except exceptions.InvalidKeyError:
                continue
            except exceptions.DecryptionError:
                return {"outcome": "encryption_unknown"}
            except Exception:  # noqa: BLE001 - as above
                return {"outcome": "workbook_broken"}
            return {"outcome": "unlocked"}
    return {"outcome": "wrong_password" if password else "password_protected"}


if __name__ == "__main__":
    process.main(_unlock)
