"""Sentences as vectors: encoders, vectors of one byte for each number, the nearest of them, clusters."""
