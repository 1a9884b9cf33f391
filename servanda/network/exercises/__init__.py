"""Guided exercises on the demonstration's data: steps as data, marked from the trail."""
