"""Functions on texts, without a database: words for search, vectors of meaning, comparison, learning, and what a
document says about itself."""
