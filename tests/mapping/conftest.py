"""What the tests of recognition share: the catalogue's files are written and read once."""

from __future__ import annotations

import pytest

from tests.mapping.real_files import RealFile, real_files


@pytest.fixture(scope="session")
def catalogue_files(tmp_path_factory: pytest.TempPathFactory) -> list[RealFile]:
    """All 78 entries of the catalogue, each read as its vendor's file."""
    return list(real_files(tmp_path_factory.mktemp("catalogue")))
