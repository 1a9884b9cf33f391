"""The columns of an imported list for the plan: who answers, until when, by which actions, measured by what."""
