"""The page that a person starts from: what waits, what is known, first steps, and the register on one page."""
