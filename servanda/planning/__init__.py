"""Planning: assignments, positions of the State, plans, actions and indicators."""
