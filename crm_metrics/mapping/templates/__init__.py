"""Mappings that a user keeps: as a file, and applied to the next table with its differences."""
