"""The kinds of facts that a section may want. A room above registers its own in `ready()` of its `apps.py`."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class FactSource:
    code: str
    label: str | Promise


_sources: dict[str, FactSource] = {}


def register_facts(source: FactSource) -> None:
    """Raises `ValueError` if the code is in use."""
    if source.code in _sources:
        raise ValueError(f"Facts with the code {source.code} are registered already.")
    _sources[source.code] = source


def fact_sources() -> list[FactSource]:
    return list(_sources.values())


def labels_of(codes: list[str]) -> list[str]:
    """The labels of these codes; a code that no room registers any more is left out."""
    return [str(_sources[code].label) for code in codes if code in _sources]
