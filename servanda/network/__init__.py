"""The network of national mechanisms: their profiles, what they ask of each other and what they agreed."""
