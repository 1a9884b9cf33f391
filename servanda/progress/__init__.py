"""Follow-up: what was done about recommendations, the evidence, and the assessments of three voices."""
