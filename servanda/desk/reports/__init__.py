"""Reports: their templates."""
