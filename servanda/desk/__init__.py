"""My work: the pages of people who are logged in; every page that shows more than one room."""
