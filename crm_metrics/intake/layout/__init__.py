"""Which rows are data, headers or totals: alike for lines of a text and rows of a sheet."""
