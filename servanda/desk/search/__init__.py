"""Search over everything at the desk, the palette, and what a person opened lately."""
