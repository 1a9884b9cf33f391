"""Word templates of the State: what they may contain, how they are checked, an example."""
