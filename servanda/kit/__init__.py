"""What every room needs and no room owns: refusals, listing, tables out, safe HTML, template tags.

No models, no domain words.
"""
