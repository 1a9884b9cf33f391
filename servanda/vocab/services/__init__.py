"""Deeds on the vocabulary: loading what comes with the product, and editing what is the country's own."""
