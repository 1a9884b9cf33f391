"""Where recommendations come from: reviews, documents, obligations, and the readers of files."""
