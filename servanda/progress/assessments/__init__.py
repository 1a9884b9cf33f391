"""Assessments in three voices and their scales, and where the voices disagree."""
