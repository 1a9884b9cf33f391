"""Plans, which group actions."""
