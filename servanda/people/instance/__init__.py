"""The settings of the instance: its name, languages and roles, and the context that every page gets."""
