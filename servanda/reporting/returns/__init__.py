"""Returned Word files: the copy that was sent, the changes in it, and the decision on each change."""
