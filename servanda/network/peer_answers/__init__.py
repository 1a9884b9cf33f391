"""How other States answered: records and actions of peers that a person accepted, beside similar records of ours."""
