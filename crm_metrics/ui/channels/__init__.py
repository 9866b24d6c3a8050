"""The parts of the Channels page: which channel works, and what changed."""
