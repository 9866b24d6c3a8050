"""The parts of the Columns page: what each column means."""
