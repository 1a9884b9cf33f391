"""The end of an appointment: the successor, the pack that they read, and functions that are vacant."""
