"""Who answers for an institution, in which function, from which day to which, and who is told before it ends."""
