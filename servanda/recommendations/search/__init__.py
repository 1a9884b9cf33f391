"""Search by words and by meaning: the full-text index, the encoders, and the vectors of texts."""
