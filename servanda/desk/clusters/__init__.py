"""Recommendations that ask for the same: clusters, proposals of the machine, and duplicates for several States."""
