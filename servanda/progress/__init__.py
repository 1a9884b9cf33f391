"""Follow-up: what was done about recommendations, the evidence, and the assessments of the Government, the
recommending mechanism and independent institutions."""
