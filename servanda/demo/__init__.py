"""The demonstration: invented people, plans, updates and ratings around Slovenia's real record of the UPR.

Nothing imports it. Each room has a part here: a module whose `load` calls that room's services, and
`data/<part>.yaml` with its data. A new room adds both, and a line in `loader.py`. `un_documents/` holds real
documents of the United Nations.
"""
