"""Values as files print them: texts, dates, kinds, States, positions, numbers of recommendations."""
