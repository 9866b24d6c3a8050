"""Records of one person: the same by a key, or alike by name and something beside it."""
