"""Assessments in three voices, their scales, and disagreements between voices."""
