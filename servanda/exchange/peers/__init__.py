"""Other mechanisms: their parcels, verified when they arrive, and what is accepted of them."""
