"""Invented follow-up for the demonstration: believable, and nobody's."""
