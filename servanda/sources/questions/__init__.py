"""Questions put to the State: the list with its files, editing, and the institutions that are to answer."""
