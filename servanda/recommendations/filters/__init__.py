"""By what the register can be narrowed: the registry of facets, their options, and the filter in an address."""
