"""What pages of metrics share: their data, cards, a table, and one metric in detail."""
