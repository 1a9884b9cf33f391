"""Objects accepted from other mechanisms, as rows of the network, and their counts."""
