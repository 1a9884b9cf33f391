"""The columns of an imported list of recommendations that hold follow-up."""
