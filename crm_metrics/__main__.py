"""`python -m crm_metrics COMMAND ...`."""

from __future__ import annotations

from crm_metrics.cli import main

if __name__ == "__main__":
    main()
