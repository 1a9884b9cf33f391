"""What changed since a person was last here: records of the register, and institutions that they answer for."""
