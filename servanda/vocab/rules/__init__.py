"""Rules: what a State owes to which body, and by when; the shipped ones, and those of this instance."""
