"""The persons concerned: who reads an identity leaves a line in the trail."""
