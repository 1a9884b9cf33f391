"""Clearance of a report step by step, submission with immutable files, and publication."""
