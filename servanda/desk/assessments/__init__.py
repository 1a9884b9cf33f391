"""Assessments in three voices, one by one and many at once, and their scales."""
