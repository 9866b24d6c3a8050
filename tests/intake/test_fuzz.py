"""Five hundred damaged inputs from a seed: whole tables or a plain sentence, nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.intake.fuzzing import check, damaged, text_seeds, workbook_seeds

QUICK, ALL = 200, 500
QUICK_BOOKS, ALL_BOOKS = 6, 26
BATCH = 300


def test_a_few_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    outcomes = [run(tmp_path, seed) for seed in range(QUICK)]
    # Neither all refused nor all read: the damages reach what they should.
    assert 0.3 * QUICK < sum(outcomes) < 0.9 * QUICK


def test_a_few_damaged_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    for seed in range(QUICK_BOOKS):
        run(tmp_path, seed, books=True)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(QUICK, ALL, BATCH))
def test_many_damaged_files_are_read_or_refused(tmp_path: Path, first: int) -> None:
    for seed in range(first, min(first + BATCH, ALL)):
        run(tmp_path, seed)


@pytest.mark.slow
def test_many_damaged_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    for seed in range(QUICK_BOOKS, ALL_BOOKS):
        run(tmp_path, seed, books=True)


def test_what_is_damaged_here_is_read_where_it_is_whole(tmp_path: Path) -> None:
    for content in text_seeds():
        assert check(tmp_path, content)


def run(folder: Path, seed: int, *, books: bool = False) -> bool:
    """Whether the input of a seed was read; says which one it was where a check fails."""
    content = damaged(random.Random(seed), workbook_seeds() if books else text_seeds())
    try:
        return bool(check(folder, content))
    except BaseException as error:
        error.add_note(f"seed {seed}, {'a workbook' if books else 'a text'}")
        raise
