"""Pages of what was accepted: lists, a directory, a search, a comparison, each object."""
