"""Obligations: the list, one obligation, and its life until it is closed."""
