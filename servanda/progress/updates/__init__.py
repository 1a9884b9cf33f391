"""Updates: what an institution says it did, from the draft to the public, and since when nothing was heard."""
