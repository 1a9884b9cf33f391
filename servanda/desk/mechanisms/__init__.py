"""Mechanisms: their profiles, map and comparison, self-assessments, terms of reference, members and rules."""
