"""Pages of the network: the directory of mechanisms, their profiles and comparison."""
