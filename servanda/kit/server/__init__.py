"""Between the network and the pages: whole requests, limits, ids, slow answers, a full disk."""
