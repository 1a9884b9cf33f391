"""Around every request: forms that are sent twice, refusals, limits on guesses and posts, idle sessions, and
the log."""
