"""The texts of a source are kept beside the facts, read once, and made again where damaged."""

from __future__ import annotations

import pytest

from crm_metrics.metrics.themes import reading, themes
from crm_metrics.metrics.themes.model import Source
from crm_metrics.store import Engine
from tests.metrics.cube.made_datasets import dataset
from tests.metrics.themes.made_comments import DICTIONARY, frame

SOURCE = Source("surveys", "comment")


def test_texts_are_read_once_and_again_where_their_file_is_damaged(tmp_path, monkeypatch):
    made, cache = [dataset(tmp_path, "surveys", frame(rows=300))], tmp_path / "cache"
    with Engine(made, cache=cache) as engine:
        found = themes(engine, SOURCE, DICTIONARY)
    assert found.account.texts > 100
    (cache / "older-facts.npz").write_bytes(b"old")
    (kept,) = cache.glob("*-????????????????.npz")
    with monkeypatch.context() as patch, Engine(made, cache=cache) as engine:
        patch.setattr(reading, "corpus_of", lambda _: pytest.fail("read again"))
        assert themes(engine, SOURCE, DICTIONARY) == found
    kept.write_bytes(kept.read_bytes()[:200])
    with Engine(made, cache=cache) as engine:
        assert themes(engine, SOURCE, DICTIONARY) == found
    assert [one for one in cache.iterdir() if one.suffix == ".npz"] == [kept]
    assert len(kept.read_bytes()) > 200
