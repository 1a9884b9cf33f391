"""Documents that are read in the background, and whose units people correct and confirm."""
