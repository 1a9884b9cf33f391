"""Facts that a section can quote: their kinds, the registry of sources, and what each source finds."""
