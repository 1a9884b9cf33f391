"""What institutions propose that the State should say to a recommendation, and what the coordinator decides."""
