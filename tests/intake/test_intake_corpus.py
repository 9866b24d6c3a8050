"""Made exports with known truth: shapes x encodings x kinds of damage, read without options."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from crm_metrics.intake import read
from tests.intake.corpus.damage import DAMAGES, made
from tests.intake.corpus.judging import faults
from tests.intake.corpus.making import Made
from tests.intake.corpus.shapes import SHAPES

KINDS = ("", *DAMAGES)


def every_pair(seed: int) -> Iterator[Made]:
    """Each shape with each damage, the encodings in turn, so that any two of the three meet."""
    for k, damage in enumerate(KINDS):
        for i, shape in enumerate(SHAPES):
            yield made(shape, shape.encodings[(i + k) % 4], damage, seed)


def some_files() -> Iterator[Made]:
    """Each shape with each kind of damage once in three, its encodings in turn."""
    for i, shape in enumerate(SHAPES):
        for k, damage in enumerate(KINDS):
            if (i + k) % 3 == 0:
                yield made(shape, shape.encodings[(i + k // 3) % 4], damage, 1)


def hold(folder: Path, files: Iterable[Made]) -> None:
    """Read the files and hold the shares of exact ones, of each kind of damage, to the bars."""
    exact: dict[str, list[bool]] = defaultdict(list)
    found: dict[str, list[str]] = defaultdict(list)
    for file in files:
        path = folder / "upload"
        path.write_bytes(file.content)
        wrong = faults(file, read(path, name="file.csv", workdir=folder / "work"))
        shutil.rmtree(folder / "work")
        exact[file.damage].append(not wrong)
        found[file.damage] += [f"{file.name}: {text}" for text in wrong]
    everything = [text for texts in found.values() for text in texts]
    assert not [text for text in everything if ": account" in text or ": nothing said" in text]
    assert set(exact) == set(KINDS)
    for damage, results in exact.items():
        share = sum(results) / len(results)
        assert share >= (0.93 if damage else 0.97), (damage, share, found[damage])


def test_the_corpus_is_as_wide_as_it_says() -> None:
    assert len(SHAPES) >= 20
    assert len({shape.name for shape in SHAPES}) == len(SHAPES)
    assert all(len(set(shape.encodings)) == 4 for shape in SHAPES)
    assert len(DAMAGES) >= 6


@pytest.mark.parametrize("damage", KINDS)
def test_made_files_are_always_the_same(damage: str) -> None:
    first, second = (made(SHAPES[5], "cp1251", damage, 3) for _ in range(2))
    assert first == second
    assert (first.damaged is None) == (damage == "")


def test_a_sample_of_the_corpus_is_read_exactly(tmp_path: Path) -> None:
    hold(tmp_path, some_files())


@pytest.mark.slow
def test_the_corpus_is_read_exactly(tmp_path: Path) -> None:
    hold(tmp_path, every_pair(0))
