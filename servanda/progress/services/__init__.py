"""The deeds of progress."""
