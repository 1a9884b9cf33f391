"""Who answers for a recommendation: institutions assigned to it, until when, and what they say to that."""
