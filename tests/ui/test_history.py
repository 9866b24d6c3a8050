from __future__ import annotations

from crm_metrics.mapping.model import ColumnMapping, Mapping, Why
from crm_metrics.ui.history import History


def step(field: str | None) -> Mapping:
    return Mapping("print", "campaigns", (ColumnMapping(0, "A", field, "sure", Why("chosen")),))


def test_steps_go_back_and_forth_one_by_one():
    begun = History(step(None), step(None))
    edited = begun.then(step("sent")).then(step("delivered"))
    assert edited.undone().now == step("sent")
    assert edited.undone().undone() == History(
        step(None), step(None), (), (step("sent"), step("delivered"))
    )
    assert edited.undone().undone().redone().redone() == edited


def test_an_edit_after_undo_drops_what_was_taken_back():
    edited = History(step(None), step(None)).then(step("sent")).undone().then(step("bounces"))
    assert edited.future == ()
    assert edited.redone() == edited


def test_nothing_happens_where_nothing_changes():
    begun = History(step(None), step(None))
    assert begun.then(step(None)) == begun
    assert begun.undone() == begun
    assert begun.redone() == begun
