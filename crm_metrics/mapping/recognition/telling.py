"""Which columns of a table gave away what it is."""

from __future__ import annotations

from crm_metrics.mapping.headers.header import read_name
from crm_metrics.mapping.model import Mapping
from crm_metrics.mapping.recognition.exports import known_export
from crm_metrics.schema import grain_named


def telling_columns(mapping: Mapping) -> tuple[str, ...]:
    """Names of the columns by which the export, or else the kind of rows, was recognised.

    In the table's order. Empty where nothing was recognised, or lines above the table said it.
    """
    if mapping.system:
        export = known_export(mapping.system, mapping.export)
        if export is None:
            return ()
        return tuple(
            item.name for item in mapping.columns if read_name(item.name).key in export.signs
        )
    if mapping.grain is None:
        return ()
    own = set(grain_named(mapping.grain).own)
    return tuple(item.name for item in mapping.columns if item.field in own)
