"""The columns of an imported list that planning reads: institutions, due dates, actions, indicators."""
