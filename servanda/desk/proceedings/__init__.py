"""Communications: the list, one of them, its steps, answers of institutions, the reply, and the persons concerned."""
