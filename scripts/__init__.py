"""Programs for developers: documents, screenshots, checks."""
