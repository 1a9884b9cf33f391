"""The start page: tiles, events, first steps, and the register on one page."""
