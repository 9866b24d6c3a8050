"""Where facts live: data sets on disk, and an engine that reads them as one table a grain."""

from __future__ import annotations

from crm_metrics.store.arrivals import READ
from crm_metrics.store.dataset import Dataset
from crm_metrics.store.engine import Engine
from crm_metrics.store.engines import Engines
from crm_metrics.store.remote.configuration import Warehouse, configured, of_url, stated
from crm_metrics.store.remote.taking import listed
from crm_metrics.store.room import default_folder
from crm_metrics.store.spooling import UPLOAD_LIMIT, spool
from crm_metrics.store.together.authors import Authors
from crm_metrics.store.together.counting import in_force, left_out
from crm_metrics.store.together.money import Amounts, Money, Rate
from crm_metrics.store.together.overlap import How, Overlap, Total
from crm_metrics.store.together.zones import Times, Zones, differ
from crm_metrics.store.workspace import Workspace

__all__ = [
    "READ",
    "UPLOAD_LIMIT",
    "Amounts",
    "Authors",
    "Dataset",
    "Engine",
    "Engines",
    "How",
    "Money",
    "Overlap",
    "Rate",
    "Times",
    "Total",
    "Warehouse",
    "Workspace",
    "Zones",
    "configured",
    "default_folder",
    "differ",
    "in_force",
    "left_out",
    "listed",
    "of_url",
    "spool",
    "stated",
]
