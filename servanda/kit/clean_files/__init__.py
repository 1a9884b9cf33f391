"""Files without what identifies their author: properties, comments, tracked changes, thumbnails, former versions.

`apart.cleaned` is the only way in. It starts `process`, which knows nothing of the rest of the house and works within
bounds of time and memory; one module for each family of formats. What is not known to be clean is not carried over:
office files are rebuilt from the parts and relationships on a list, PDF files from their pages.
"""
