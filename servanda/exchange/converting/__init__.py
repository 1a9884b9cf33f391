"""Turns tables of other systems into files of the exchange format."""
