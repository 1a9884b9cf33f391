"""The demonstration: invented people, plans, updates and ratings around Slovenia's real record of the UPR.

Nothing imports it. Each room has a part here: a module whose `load` goes through that room's services, and
`data/<part>.yaml` with what it says. A new room adds both, and a line in `loader.py`. `un_documents/` holds what is
real: documents of the United Nations.
"""
