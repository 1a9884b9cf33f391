"""Positions of the State: what institutions propose and what the coordinator decides."""
