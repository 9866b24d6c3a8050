"""Declarations: a new one is one file and its texts; all have words, real fields."""

from __future__ import annotations

import sys

import pandas as pd
import pytest

from crm_metrics.metrics import CATALOGUE, catalogue, compute
from crm_metrics.metrics.derived import DERIVED
from crm_metrics.schema import GRAINS, fields_of
from crm_metrics.texts import LANGUAGES, has, keys
from tests.metrics.stand_in import FrameEngine

MADE_UP = """
from crm_metrics.metrics.model import Metric

METRICS = (
    Metric(
        key="saves_per_reach", grain="posts", kind="ratio", numerator="saves",
        denominator="reach", unit="share", direction="up", needs=("saves", "reach"),
        variant="of_reach", formula="sum(saves) / sum(reach)",
    ),
)
"""


@pytest.fixture
def dropped_in(tmp_path, monkeypatch):
    (tmp_path / "made_up.py").write_text(MADE_UP, encoding="utf-8")
    monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
    yield
    sys.modules.pop("crm_metrics.metrics.catalogue.made_up", None)


def test_a_module_dropped_into_the_catalogue_is_a_metric(dropped_in, monkeypatch):
    found = catalogue.discovered()
    assert found[: len(CATALOGUE)] == CATALOGUE
    assert [metric.key for metric in found[len(CATALOGUE) :]] == ["saves_per_reach"]
    monkeypatch.setattr(sys.modules["crm_metrics.metrics.compute"], "CATALOGUE", found)
    engine = FrameEngine(posts=pd.DataFrame({"saves": [1, 2], "reach": [10, 20]}))
    (value,) = compute(engine, ["saves_per_reach"]).values
    assert value.value == pytest.approx(0.1)


def test_a_metric_is_declared_once(dropped_in, tmp_path):
    (tmp_path / "made_up_again.py").write_text(MADE_UP, encoding="utf-8")
    with pytest.raises(ValueError, match="declared twice"):
        catalogue.discovered()
    sys.modules.pop("crm_metrics.metrics.catalogue.made_up_again", None)


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: f"{metric.grain}-{metric.key}")
def test_a_declaration_is_sound(metric):
    assert metric.grain in GRAINS
    fields = {field for need in metric.needs for field in need.split("|")}
    assert fields <= set(fields_of(metric.grain))
    assert (metric.quantile is not None) == (metric.kind == "quantile")
    assert metric.money or metric.unit != "money"
    assert (
        metric.denominator is not None or metric.per or metric.kind not in {"proportion", "ratio"}
    )
    assert metric.formula.isascii()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_base_and_flag_has_words(lang):
    needed = {
        f"metric.{metric.key}.{part}" for metric in CATALOGUE for part in ("name", "short", "help")
    }
    needed |= {
        f"metric.{metric.key}.{part}" for metric in DERIVED for part in ("name", "short", "help")
    }
    needed |= {f"derived.interval.{metric.interval}" for metric in DERIVED}
    needed |= {f"variant.{metric.variant}" for metric in (*CATALOGUE, *DERIVED)}
    bases = (
        *("of_margin", "of_given_gap", "of_totals", "of_order_count"),
        *("of_stated_chance", "of_one_chance", "of_deals", "of_licences"),
    )
    needed |= {f"variant.{base}" for base in bases}
    flags = {flag for metric in CATALOGUE for flag, _ in (*metric.marks, *metric.left_out)}
    flags |= {metric.empty for metric in CATALOGUE}
    needed |= {f"flag.{flag}" for flag in flags}
    assert {key for key in needed if not has(key, lang)} == set()
    words = {key for key in keys(lang) if key.startswith(("metric.", "variant."))}
    parts = ("name", "short", "help", "trap")
    known = {f"metric.{one.key}.{part}" for one in (*CATALOGUE, *DERIVED) for part in parts}
    assert words <= known | needed
