"""Segments of people on every page: choosing one, making one, what it leaves, its list."""
