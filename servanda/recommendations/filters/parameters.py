"""The parameters of an address of the list: which keys are taken, and by what.

A module of its own, because facets of taxonomies need a free key, and the registry, which imports facets, reserves
keys.
"""

from collections.abc import Iterable

OTHER_KEYS = frozenset({"q", "like", "sort", "by", "size", "page", "bom", "as", "column"})  # of the list itself
SHORT_KEYS = {"uhri-theme": "theme", "uhri-group": "group", "sdg": "sdg"}  # of taxonomies, by their code
_owners: dict[str, str] = dict.fromkeys(OTHER_KEYS, "the list") | dict.fromkeys(SHORT_KEYS.values(), "a taxonomy")


def reserve_keys(keys: Iterable[str], owner: str) -> None:
    """Let no taxonomy and no other source of facets use these keys.

    Raises:
        ValueError: if one of them is taken; then none is reserved.
    """
    if taken := {key: _owners[key] for key in keys if key in _owners}:
        clashes = ", ".join(f"{key} ({other})" for key, other in sorted(taken.items()))
        raise ValueError(f"The facets of {owner} use keys that are taken: {clashes}.")
    _owners.update(dict.fromkeys(keys, owner))


def taxonomy_key(code: str) -> str:
    """A national taxonomy is named in addresses by its code, unless that is the name of something else."""
    return SHORT_KEYS.get(code) or (f"taxonomy-{code}" if code in _owners else code)
