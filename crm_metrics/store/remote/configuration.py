"""Which data base or cluster is connected: said by the environment or a TOML in the data folder."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from crm_metrics.errors import InputError

BACKEND: Final = "CRM_METRICS_BACKEND"
FILE: Final = "backend.toml"
_KEYS = {"name", "url", "options", "files", "seconds", "query_seconds"}
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SECONDS = 60.0
_QUERY_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A data base or cluster that can be connected.

    `name` is what people see. `url` is what `ibis.connect` takes, or spark://, sc:// for a Spark
    cluster; `options` are the driver's or Spark's own. Both may hold secrets and are never shown.
    `files` are tables by name that stand in Parquet where the engine can read them. The connection
    has to stand within `seconds`, each answer to be there within `query_seconds`.
    """

    name: str
    url: str = field(repr=False)
    options: Mapping[str, Any] = field(repr=False, default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    seconds: float = _SECONDS
    query_seconds: float = _QUERY_SECONDS

    @property
    def scheme(self) -> str:
        """Which engine the address names."""
        found = urlsplit(self.url).scheme.lower().replace("postgresql", "postgres")
        return {"spark": "pyspark", "sc": "pyspark"}.get(found, found)


def configured(folder: Path) -> Warehouse | None:
    """What CRM_METRICS_BACKEND says (a URL or the path of a TOML), else `backend.toml` in `folder`.

    Raises InputError("backend_config", ...) where that is not understood.
    """
    said = os.environ.get(BACKEND, "").strip()
    if said:
        return stated(said)
    path = folder / FILE
    return stated(str(path)) if path.is_file() else None


def stated(said: str) -> Warehouse:
    """The warehouse at a URL, or that the TOML of this path describes; raises InputError."""
    if "://" in said:
        return of_url(said)
    path = Path(said)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem = error.strerror if isinstance(error, OSError) else "TOML"
        raise InputError("backend_config", file=path.name, problem=problem) from None
    return _from(data, path.name)


def of_url(url: str) -> Warehouse:
    """The warehouse at an address, called by its host or file; raises InputError.

    ${NAME} is taken from the environment once: what stands there is no pattern itself.
    """
    url = _address(url, BACKEND)
    return Warehouse(_called(url, BACKEND), url)


def _from(data: dict[str, Any], file: str) -> Warehouse:
    wrong = sorted(data.keys() - _KEYS)
    kinds: dict[str, Any] = {
        "url": str,
        "name": str,
        "options": dict,
        "files": dict,
        "seconds": (int, float),
        "query_seconds": (int, float),
    }
    wrong += [key for key, kind in kinds.items() if key in data and not isinstance(data[key], kind)]
    if wrong or "://" not in data.get("url", ""):
        raise InputError("backend_config", file=file, problem=", ".join(wrong) or "url")
    url = _address(data["url"], file)
    options = {
        str(key): _expanded(value, file) if isinstance(value, str) else value
        for key, value in data.get("options", {}).items()
    }
    return Warehouse(
        name=data.get("name") or _called(url, file),
        url=url,
        options=options,
        files={str(key): str(value) for key, value in data.get("files", {}).items()},
        seconds=float(data.get("seconds", _SECONDS)),
        query_seconds=float(data.get("query_seconds", _QUERY_SECONDS)),
    )


def _called(url: str, file: str) -> str:
    """What to call an address that was given no name."""
    try:
        parts = urlsplit(url)
        return parts.hostname or Path(parts.path).stem or parts.scheme
    except ValueError:
        raise InputError("backend_config", file=file, problem="url") from None


def _address(text: str, file: str) -> str:
    """The address with ${NAME} from the environment; in user and password any character may be."""
    start = text.find("://") + len("://")
    end = text.rfind("@")
    if end < start:
        return _expanded(text, file)
    login = _expanded(text[start:end], file, quoted=True)
    return f"{text[:start]}{login}{_expanded(text[end:], file)}"


def _expanded(text: str, file: str, *, quoted: bool = False) -> str:
    """The text with ${NAME} from the environment, so that no secret stands in a file."""

    def value(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in os.environ:
            raise InputError("backend_config", file=file, problem=found.group(0))
        return quote(os.environ[name], safe="") if quoted else os.environ[name]

    return _VARIABLE.sub(value, text)
