"""A dialogue: its delegation, the speaking points from what the register holds, and the kit for its head."""
