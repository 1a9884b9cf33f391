"""Cases of courts and committees: their facts, course and measures."""
