"""Assistance: what mechanisms ask for and offer, what fits, and cooperation from introduction to evaluation."""
