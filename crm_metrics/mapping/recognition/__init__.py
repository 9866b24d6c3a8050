"""Which export of which system a table is, and what its columns are then."""
