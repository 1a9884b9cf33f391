"""Bulk changes: choose records, preview, apply, undo."""
