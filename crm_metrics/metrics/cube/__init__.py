"""Sums by day and dimension, kept beside the facts, so that a changed filter reads no facts.

Components add. What is summed once by day, channel, campaign, segment and whatever else has few
values therefore answers every question about these by adding up, in memory and without a query.
Metrics by person, counts of different values and quantiles do not add and go on to the facts.

A cube is a cache: it is named after all that it follows from, and its file may go at any time.
"""

from __future__ import annotations

from crm_metrics.metrics.cube.keeping import cut, settled

__all__ = ["cut", "settled"]
