"""What was done, what it shows, and what three voices say of it."""
