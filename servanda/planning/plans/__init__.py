"""Plans: what groups actions."""
