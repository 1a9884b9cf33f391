"""What a proceeding holds: institutions with their drafts, questions, files."""
