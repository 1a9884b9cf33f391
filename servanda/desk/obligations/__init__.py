"""What is due to whom: the list of obligations, one obligation, and what happens to it until it is closed."""
