"""What an engine lacks is said in the documents as it stands in the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_metrics.metrics import CATALOGUE
from tests.metrics.alike import lacks_of

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("backend", "page", "said", "none"),
    [
        ("pyspark", "scale.md", "Metrics that Spark can't compute: ", "none"),
        ("pyspark", "scale.ru.md", "Метрики, которые Spark не может посчитать: ", "нет"),
        ("sqlite", "scale.md", "Metrics that SQLite can't compute: ", "none"),
        ("sqlite", "scale.ru.md", "Метрики, которые SQLite не может посчитать: ", "нет"),
    ],
)
def test_the_documents_name_what_an_engine_lacks(backend: str, page: str, said: str, none: str):
    lacks = lacks_of(backend)
    assert set(lacks) <= {f"{metric.grain}.{metric.key}" for metric in CATALOGUE}
    words = ", ".join(f"`{name}`" for name in lacks) or none
    assert f"\n{said}{words}.\n" in (DOCS / page).read_text(encoding="utf-8")
