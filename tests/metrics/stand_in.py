"""A small engine over pandas frames, with the contract of `crm_metrics.store.Engine`."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa

from crm_metrics.errors import NotFoundError

_ALWAYS = {"date": "datetime64[us]", "channel": "str", "platform": "str", "currency": "str"}


class FrameEngine:
    def __init__(self, **frames: pd.DataFrame) -> None:
        self.connection = ibis.duckdb.connect()
        self._mapped = {}
        self._names = {}
        for grain, frame in frames.items():
            full = frame.copy()
            names = {name: name for name in frame.columns}
            for place, name in enumerate(frame.columns):
                if " " in name or name[0].isupper():
                    names[name] = f"c{place}"
            full = full.rename(columns=names)
            self._names[grain] = names
            self._mapped[grain] = frozenset(full.columns)
            for name, kind in _ALWAYS.items():
                if name not in full:
                    full[name] = pd.Series([None] * len(full), dtype=kind)
            if "__dataset" not in full:
                full["__dataset"] = "file"
            full["__line"] = range(2, len(full) + 2)
            self.connection.create_table(grain, pa.Table.from_pandas(full, preserve_index=False))
        self.grains = tuple(frames)

    def table(self, grain: str) -> ibis.Table:
        return self.connection.table(grain)

    def mapped(self, grain: str) -> frozenset[str]:
        return self._mapped[grain]

    def dimension(self, grain: str, name: str) -> str:
        if name in self._names[grain]:
            return self._names[grain][name]
        if name in _ALWAYS:
            return name
        raise NotFoundError("unknown_column", column=name)
