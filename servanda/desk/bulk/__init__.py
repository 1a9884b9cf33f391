"""One change for many records of the list: chosen, previewed, applied, undone."""
