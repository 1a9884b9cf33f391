"""Evidence for a budget request: what this system counts of the work of its own mechanism, with definitions."""
