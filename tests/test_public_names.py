"""The public names exist, and nothing loads what it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import crm_metrics

ROOT = Path(__file__).resolve().parents[1]


def test_every_public_name_is_there():
    for name in crm_metrics.__all__:
        found = getattr(crm_metrics, name)
        assert found is not None
        assert not isinstance(found, ModuleType), name
    assert set(crm_metrics.__all__) <= set(dir(crm_metrics))


def test_reading_loads_no_pages_and_no_statistics():
    code = (
        "import sys; from crm_metrics import read, suggest, Workspace; "
        "print([name for name in ('streamlit', 'scipy.stats', 'altair') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_pages_of_numbers_load_neither_the_audit_nor_the_tests():
    pages = ("channels", "response", "customers", "voice")
    lines = [line for page in pages for line in (ROOT / f"pages/{page}.py").read_text().split("\n")]
    asked = [line for line in lines if line.startswith("from crm_metrics.")]
    assert len(asked) > len(pages)
    heavy = ("crm_metrics.audit", "crm_metrics.experiments", "crm_metrics.findings.build")
    code = "\n".join(
        ["import sys", *asked, f"print([name for name in {heavy} if name in sys.modules])"]
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
