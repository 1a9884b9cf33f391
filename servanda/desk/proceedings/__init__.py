"""Pages of all kinds of proceedings: the list, one of them, its steps and forms, answers of institutions, the reply,
and the persons concerned."""
