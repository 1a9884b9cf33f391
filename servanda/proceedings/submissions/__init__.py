"""One submission of the State after the other: what was sent is kept, the next one has its own deadline."""
