"""The parts of the upload page: files come in, and what became of them."""
