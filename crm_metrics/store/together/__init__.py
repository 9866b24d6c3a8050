"""Several data sets beside each other: what they share, in which money and zone they are."""
