"""Text files: encoding, dialect, records, repair."""
