"""Around every request: forms that are sent twice, refusals, limits on guesses and posts, sessions and when they
end, and the log."""
