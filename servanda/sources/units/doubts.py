"""What a person should check in a unit, because it may not have been recognised correctly."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from servanda.language.documents.units import Gap
from servanda.sources.documents.reader import MOST_CHARACTERS_OF_UNIT
from servanda.sources.models import ReadUnit

LAST_OF_LISTS = {"and", "or", "y", "o", "et", "ou", "e", "و", "أو"}  # before the last item of a list


def doubts_of(unit: ReadUnit, gaps: Sequence[Gap]) -> list[str]:
    """Sentences, none for a unit that is left out or that a person has corrected."""
    if unit.is_dropped or unit.changed_by_id:
        return []
    doubts = []
    if not unit.number:
        doubts.append(_("No number was found."))
    if unit.number and (missing := [number for gap in gaps if gap.after == unit.number for number in gap.missing]):
        doubts.append(_("Missing after this unit: %(numbers)s.") % {"numbers": ", ".join(missing)})
    if len(unit.text) > MOST_CHARACTERS_OF_UNIT:
        doubts.append(_("Very long: it may contain several units."))
    if is_cut_off(unit.text):
        doubts.append(_("The text may be cut off."))
    return doubts


def is_cut_off(text: str) -> bool:
    """Whether it ends in the middle of a sentence."""
    words = text.split()
    return bool(words) and words[-1] not in LAST_OF_LISTS and (words[-1][-1].isalpha() or words[-1][-1] in ",-–")
