"""Self-assessments of the four capacities: questions as data, answers with evidence, results compared over time."""
