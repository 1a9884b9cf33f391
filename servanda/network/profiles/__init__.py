"""Profiles of mechanisms: fields as data, facts with their source and history, and gaps against guidance."""
