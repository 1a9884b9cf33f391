"""Pure functions on texts: their language, their tokens for search, and whether another text says the same."""
