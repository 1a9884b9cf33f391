"""Assessments in three voices, one or many at once, and their scales."""
