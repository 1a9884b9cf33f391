"""Feeds of peers that are fetched, and the own feed for members, who introduce themselves."""
