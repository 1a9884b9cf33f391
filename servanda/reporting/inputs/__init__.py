"""What institutions are asked for a section: its questions, their answers, and who has not answered."""
