"""Letters of special procedures: their head, their questions, and the reply that they ask for."""
