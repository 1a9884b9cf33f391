"""Meetings, courses and commitments of other mechanisms: written when they are accepted, listed, deleted."""
