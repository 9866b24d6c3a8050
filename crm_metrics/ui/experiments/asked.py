"""What a person asked of the page: the sums to judge, and where they were read from."""

from __future__ import annotations

from dataclasses import dataclass

from crm_metrics.experiments.rerun import Inputs


@dataclass(frozen=True, slots=True)
class Asked:
    """Inputs of the verdict; `source` names the file and `table` its own choices; "" when typed."""

    inputs: Inputs
    source: str = ""
    table: str = ""
