"""Feeds of peers, which are fetched, and the pages of our own that only members read. Signing is in `sharing`."""
