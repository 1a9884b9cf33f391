"""Parcels and files of peers that arrive: verified, then put up for review."""
