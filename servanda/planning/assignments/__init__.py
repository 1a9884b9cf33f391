"""Assignments: which institutions lead and support on a record, until when, and which are suggested."""
