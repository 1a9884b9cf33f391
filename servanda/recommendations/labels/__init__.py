"""Labels set by people and suggested by the machine: learning, suggestions, and decisions on them."""
