"""Exports made byte by byte, with known truth: shapes, encodings, damage."""
