"""What Spark lacks is said in the documents as it stands in the data."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from crm_metrics.metrics import CATALOGUE

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("page", "said", "none"),
    [
        ("scale.md", "Metrics that Spark can't compute: ", "none"),
        ("scale.ru.md", "Метрики, которые Spark не может посчитать: ", "нет"),
    ],
)
def test_the_documents_name_what_spark_lacks(page: str, said: str, none: str):
    text = files("crm_metrics.store.remote").joinpath("lacks.toml").read_text()
    lacks = tomllib.loads(text)["pyspark"]
    assert set(lacks) <= {f"{metric.grain}.{metric.key}" for metric in CATALOGUE}
    words = ", ".join(f"`{name}`" for name in lacks) or none
    assert f"\n{said}{words}.\n" in (DOCS / page).read_text(encoding="utf-8")
