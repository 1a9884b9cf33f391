"""Positions of the State: proposals by institutions and decisions by the coordinator."""
