"""What was accepted of other mechanisms, as rows of the network that follow it, and its numbers."""
