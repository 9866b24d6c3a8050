"""Taking a remote table into a workspace, and giving a taken one another mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ibis.backends import BaseBackend

from crm_metrics.errors import InputError
from crm_metrics.mapping.model import Mapping
from crm_metrics.store.arrivals import Arrival, Choose
from crm_metrics.store.dataset import Dataset, Remote
from crm_metrics.store.remote.configuration import Warehouse
from crm_metrics.store.remote.connecting import asked, connected
from crm_metrics.store.remote.linking import linked, remote_id
from crm_metrics.store.remote.preview import sampled
from crm_metrics.store.remote.tables import opened, tables_of


@contextmanager
def connection_to(warehouse: Warehouse) -> Iterator[BaseBackend]:
    """A connection for the length of a `with` block; raises what `connected` raises."""
    backend = connected(warehouse)
    try:
        yield backend
    finally:
        backend.disconnect()


def listed(warehouse: Warehouse) -> tuple[str, ...]:
    """The tables that can be taken, by name."""
    with connection_to(warehouse) as backend:
        return tables_of(backend, warehouse)


def taken(
    warehouse: Warehouse | None,
    table: str,
    folder: Path,
    choose: Choose,
    before: Sequence[Dataset],
) -> Arrival:
    """A table with its first rows in `folder`, as text, and what all its rows give.

    The mapping is that which the table has among `before`, if its columns are the same. Raises what
    `connected` raises, NotFoundError("backend_no_table"), InputError("backend_none").
    """
    if warehouse is None:
        raise InputError("backend_none")
    name = remote_id(warehouse, table)
    with connection_to(warehouse) as backend:
        there = opened(backend, warehouse, table)
        with asked(warehouse):
            rows = int(there.count().to_pyarrow().as_py())
            sample = sampled(there, f"{warehouse.name}: {table}", rows, folder)
        kept = (
            item.mapping
            for item in before
            if item.id == name and item.table.headers == sample.headers
        )
        chosen = next(kept, None) or choose([sample], [name])[0]
        link = linked(warehouse, there, sample, chosen)
    remote = Remote(warehouse.name, table, link.filled)
    return Arrival(name, sample, chosen, link.facts, link.error, remote)


def relinked(warehouse: Warehouse | None, item: Dataset, chosen: Mapping) -> Dataset:
    """The data set under another mapping; raises what `connected` raises."""
    assert item.remote is not None
    if warehouse is None or warehouse.name != item.remote.backend:
        raise gone(item.remote)
    with connection_to(warehouse) as backend:
        there = opened(backend, warehouse, item.remote.table)
        link = linked(warehouse, there, item.table, chosen)
    remote = replace(item.remote, filled=link.filled)
    return replace(item, mapping=chosen, facts=link.facts, error=link.error, remote=remote)


def gone(remote: Remote) -> InputError:
    """That the backend of a data set is no longer the configured one."""
    return InputError("backend_gone", backend=remote.backend)


def reachable(datasets: Sequence[Dataset], warehouse: Warehouse | None) -> list[Dataset]:
    """The data sets, those of another warehouse than this without facts and saying so."""
    name = warehouse.name if warehouse else None
    return [
        replace(item, facts=None, error=gone(item.remote))
        if item.remote and item.remote.backend != name
        else item
        for item in datasets
    ]
