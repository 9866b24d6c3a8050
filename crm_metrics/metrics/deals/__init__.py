"""What the deals in work may bring: stages, chances, forecast, its past error, coverage."""

from __future__ import annotations

from crm_metrics.metrics.deals.backtest import Backtest, backtest
from crm_metrics.metrics.deals.book import Book, book
from crm_metrics.metrics.deals.coverage import pipeline_coverage
from crm_metrics.metrics.deals.forecast import Forecast, forecast
from crm_metrics.metrics.deals.overview import Selling, selling
from crm_metrics.metrics.deals.stages import Funnel, Stage, funnel

__all__ = [
    "Backtest",
    "Book",
    "Forecast",
    "Funnel",
    "Selling",
    "Stage",
    "backtest",
    "book",
    "forecast",
    "funnel",
    "pipeline_coverage",
    "selling",
]
