"""Spreadsheets of one kind of thing: received, read, previewed, applied, undone.

A room registers a `SheetKind` for its things; the services, tasks and pages are the same for all kinds.
"""
