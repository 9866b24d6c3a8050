"""The public names exist, and reading a file loads neither Streamlit nor the statistics."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import crm_metrics


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
