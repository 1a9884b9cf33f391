"""Filters of the register: the registry of facets, their options, and the filter in an address."""
