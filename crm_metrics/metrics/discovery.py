"""Declarations that are found by themselves: each module of a package names its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


def declared_in(
    package: str, path: Iterable[str], name: str, order: Sequence[str]
) -> tuple[Any, ...]:
    """What the modules of a package have under a name, each with a `grain` and a `key`.

    Modules in `order` come first, others follow by name. Raises ValueError where one is declared
    twice.
    """

    def place(module: str) -> tuple[int, str]:
        return (order.index(module) if module in order else len(order), module)

    found: dict[tuple[str, str], Any] = {}
    for module in sorted((one.name for one in iter_modules(path)), key=place):
        for one in getattr(import_module(f"{package}.{module}"), name):
            if (one.grain, one.key) in found:
                msg = f"{one.key} on {one.grain} is declared twice"
                raise ValueError(msg)
            found[one.grain, one.key] = one
    return tuple(found.values())
