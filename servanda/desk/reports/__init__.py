"""Reports: the list, the editor of sections, and their templates."""
