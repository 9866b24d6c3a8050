"""The parts of the Customers page."""
