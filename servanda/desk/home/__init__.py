"""The start page: tiles, events, first steps, and the register at a glance."""
