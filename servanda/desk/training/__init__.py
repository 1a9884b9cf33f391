"""Training: courses with their files and sessions, participants, and guided exercises."""
