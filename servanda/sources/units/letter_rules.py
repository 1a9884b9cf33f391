"""The deadline of a reply to a letter that names none: that of the rules, as this instance applies them."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from servanda.language.documents.units import Layout, Unit
from servanda.sources.documents.families import BY_CODE
from servanda.sources.documents.letters.units import is_urgent
from servanda.vocab.models import ObligationRule

USUAL, URGENT = "communication", "communication-urgent"  # codes of rules, as those of the kinds of proceedings


def is_letter(family: str) -> bool:
    return family in BY_CODE and BY_CODE[family].layout == Layout.LETTER


def rule_of_letter(family: str, reference: str, words: str) -> ObligationRule | None:
    """The rule for such letters, by their reference or else their first words; None for other documents, and where
    this instance applies none."""
    if not is_letter(family):
        return None
    return ObligationRule.objects.in_place_of(URGENT if is_urgent(reference, words) else USUAL).first()


def term_of_rule(rule: ObligationRule | None) -> dict[str, object]:
    """The time of the rule as that of a unit; nothing where the letter itself has to set it."""
    if rule is None or not rule.offset or rule.offset < 0:
        return {}
    return {"deadline_count": rule.offset, "deadline_unit": rule.unit, "deadline_clock": rule.trigger}


def notes_on_deadline(units: Iterable[Unit], family: str, rule: ObligationRule | None) -> list[str]:
    """What the person who checks a letter has to know about its deadline."""
    if not is_letter(family):
        return []
    reply = next((unit for unit in units if unit.duty), None)
    if reply is not None and reply.deadline is not None:
        return []
    if reply is None or rule is None or not term_of_rule(rule):
        return [_("No deadline was found in the letter. Enter the date by which a reply is requested.")]
    note = _("The letter names no deadline. That of the rule for such letters is used: %(time)s.")
    notes = [note % {"time": rule.time_in_words}]
    return [*notes, _("This rule is to be verified.")] if rule.is_to_verify else notes
