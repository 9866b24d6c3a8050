"""The parts of the Findings page: the report of what is chosen, and its files."""
