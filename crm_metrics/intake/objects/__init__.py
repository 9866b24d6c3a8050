"""JSON: documents and lines of objects become rows of text."""
