"""What stands around every request: forms that count once, refusals that are shown and recorded, limits on guesses
and posts, the end of idle sessions, and what the log leaves out."""
