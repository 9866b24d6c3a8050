"""Several grains, files and engines that tell of one thing: which counts, and how they add up."""
