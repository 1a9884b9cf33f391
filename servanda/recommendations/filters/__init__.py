"""What the register can be narrowed by: the facets, their options, and the query that an address carries."""
