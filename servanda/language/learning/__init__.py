"""Machine learning from records that people labelled or assigned: labels and responsible institutions."""
