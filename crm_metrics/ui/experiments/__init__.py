"""The parts of the Experiments page: what is compared, its verdict, the plan of a test."""
