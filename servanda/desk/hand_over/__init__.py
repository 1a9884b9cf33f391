"""Hand-overs: the end of an appointment, the pack for the successor, and vacant functions."""
