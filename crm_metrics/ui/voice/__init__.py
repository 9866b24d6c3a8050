"""Parts of the Voice page."""
