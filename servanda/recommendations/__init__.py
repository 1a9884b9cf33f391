"""The register: recommendations, their texts, positions, labels and sources; matching, applying and searching."""
