"""The contents of a proceeding: institutions with their drafts, questions, files, promised measures."""
