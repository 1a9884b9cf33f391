"""Dialogues with bodies: the delegation, speaking points, advance questions, and the kit of the head."""
