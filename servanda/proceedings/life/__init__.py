"""The life of a proceeding: added, edited, its steps with what each needs, the list."""
