"""Clusters of similar recommendations, proposed clusters, and duplicates made by several States."""
