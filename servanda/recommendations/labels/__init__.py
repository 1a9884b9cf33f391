"""Labels that people set and that the machine suggests: learned, suggested, and decided."""
