"""Vectors of texts: encoders, compact storage, nearest neighbours, clusters."""
