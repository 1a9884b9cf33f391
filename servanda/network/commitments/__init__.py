"""What mechanisms have agreed, as records of the register: shipped conclusions, and commitments that are added."""
