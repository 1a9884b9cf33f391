"""Information requested from institutions for a section: its questions, their answers, and the institutions that have
not answered."""
