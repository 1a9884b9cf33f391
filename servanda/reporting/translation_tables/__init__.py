"""Word tables for translators: written with the source beside an empty column, read when they come back, decided."""
