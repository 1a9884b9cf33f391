"""One change made to many records: chosen, previewed, applied in short steps, and undone."""
