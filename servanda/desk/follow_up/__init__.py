"""The dashboards of follow-up: of the mechanism, and of one institution."""
