"""The network of national mechanisms: their profiles, their assistance to each other, and their agreements."""
