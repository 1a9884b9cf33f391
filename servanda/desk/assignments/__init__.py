"""Assignments of institutions to records, and the table of usual leads by theme."""
