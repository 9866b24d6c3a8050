"""What a file is by its bytes, and what holds or wraps tables."""
