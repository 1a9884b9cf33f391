"""Between the network and the pages: buffering, limits, request ids, slow responses, a full disk."""
