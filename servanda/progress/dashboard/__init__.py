"""Follow-up in figures: by voice and status, by body, theme, goal and institution, and over time."""
