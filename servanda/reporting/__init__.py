"""Reports of the State: their templates, which are data, and what they are written from."""
