"""A package's names, each imported when it is first used: a command loads only what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def named(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The package's `__getattr__` (PEP 562); `homes` are names in a string, by their module.

    It raises AttributeError for a name that is none of them.
    """
    home = {name: module for module, names in homes.items() for name in names.split()}

    def find(name: str) -> object:
        if name not in home:
            msg = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(msg)
        return getattr(import_module(home[name]), name)

    return find
