"""Who answers for a recommendation until when, the position of the State, what is planned and what is measured."""
