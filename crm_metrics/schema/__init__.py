"""What a column can mean: channels, grains and fields, as data."""

from __future__ import annotations

from crm_metrics.schema.channels import CHANNELS
from crm_metrics.schema.fields import FIELDS, Field, Kind, field_named, is_personal
from crm_metrics.schema.grains import GRAINS, Grain, fields_of, grain_named, kind_of

__all__ = [
    "CHANNELS",
    "FIELDS",
    "GRAINS",
    "Field",
    "Grain",
    "Kind",
    "field_named",
    "fields_of",
    "grain_named",
    "is_personal",
    "kind_of",
]
