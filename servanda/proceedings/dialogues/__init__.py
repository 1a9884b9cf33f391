"""A dialogue: its delegation, the speaking points drafted from the register, and the kit for its head."""
