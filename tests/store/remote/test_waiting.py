"""An engine that does not answer, refuses or has no such thing is a sentence, never a hang."""

from __future__ import annotations

from threading import Event

import ibis
import pytest

from crm_metrics.errors import InputError
from crm_metrics.store import Warehouse, Workspace
from crm_metrics.store.remote import connecting
from crm_metrics.texts import error_text

SECRET = "geheim-17"
ROWS = ibis.table({"n": "int64"}, name="rows")


class Silent:
    """A backend that says nothing until it is told to stop, and then refuses."""

    def __init__(self) -> None:
        self.con = self
        self.stopped = Event()

    def to_pyarrow(self, _expr: object) -> object:
        self.stopped.wait(30)
        words = f"canceled at reader:{SECRET}@db"
        raise OSError(words)

    def interrupt(self) -> None:
        self.stopped.set()


def silent(monkeypatch: pytest.MonkeyPatch, seconds: float) -> tuple[Silent, object]:
    there = Silent()
    monkeypatch.setattr(connecting, "_open", lambda _: there)
    shop = Warehouse("Shop", f"postgres://reader:{SECRET}@db/shop", query_seconds=seconds)
    return there, connecting.connected(shop)


def said(error: InputError) -> str:
    return error_text(error, "en") + error_text(error, "ru")


def test_a_question_without_an_answer_is_broken_off(monkeypatch):
    there, backend = silent(monkeypatch, 0.01)
    with pytest.raises(InputError) as caught:
        backend.to_pyarrow(ROWS)
    assert caught.value.code == "backend_slow"
    assert there.stopped.wait(30)


def test_a_refused_question_is_a_sentence_without_the_password(monkeypatch):
    there, backend = silent(monkeypatch, 30)
    there.stopped.set()
    with pytest.raises(InputError) as caught:
        backend.to_pyarrow(ROWS)
    assert caught.value.code == "backend_failed"
    assert "canceled" in said(caught.value)
    assert SECRET not in said(caught.value)


def test_a_connection_that_never_stands_is_given_up(monkeypatch):
    stop = Event()
    monkeypatch.setattr(connecting, "_open", lambda _: stop.wait(30))
    with pytest.raises(InputError) as caught:
        connecting.connected(Warehouse("Shop", "postgres://db/shop", seconds=0.01))
    stop.set()
    assert (caught.value.code, caught.value.params["reason"]) == ("backend_unreachable", "0.01 s")


def test_a_table_that_vanished_is_named(tmp_path):
    path = tmp_path / "shop.duckdb"
    with ibis.duckdb.connect(path).con as connection:
        connection.execute('CREATE TABLE sent AS SELECT DATE \'2026-03-01\' AS "Date", 7 AS "Sent"')
    space = Workspace(tmp_path / "space", warehouse=Warehouse("Shop", f"duckdb://{path}"))
    space.take("sent")
    with ibis.duckdb.connect(path).con as connection:
        connection.execute("DROP TABLE sent")
    with space.engine() as engine, pytest.raises(Exception, match="backend_no_table"):
        engine.table("campaigns")
