"""What was promised, done and reached, in figures: for the mechanism, and for one institution."""
