"""Whether two texts ask for the same, and in what they differ."""
