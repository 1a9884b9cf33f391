"""What the three voices say, as figures of the overview."""

from collections.abc import Mapping, Sequence

from servanda.recommendations.facets import Facet
from servanda.recommendations.figures import Plan


def voice_plans(voices: Sequence[Facet]) -> Mapping[str, Plan]:
    """One figure for each voice, in the order of the scale: they are never merged."""
    return {facet.key: Plan(facet.title, in_order=True) for facet in voices}
