"""Quotations whose source has changed: their new text is put in the place of the old one, and that can be undone."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.people.versioning import overwriting_conflict, refuse_if_changed
from servanda.reporting.facts.registry import Fact
from servanda.reporting.models import Quotation, ReportSection
from servanda.reporting.reports.outline_history import record_sources
from servanda.reporting.reports.quoting import as_paragraph, as_quotation, one_sentence
from servanda.reporting.reports.services import lock_section, store_text
from servanda.sources.printed.texts import without_unseen
from servanda.trail.models import Event

CLOSINGS = ("", "”", "»", "\u00a0»", " »")  # of words in another language


@transaction.atomic
def renew_quotations(
    *, section: ReportSection, facts: Mapping[int, Fact], text: str, seen: int, by: User
) -> ReportSection:
    """Put the new text of these quotations, by their number, in the place of the old one, and save the section.

    Raises `Refused` if none of them is in the text as it was quoted, and `ChangedMeanwhile` if another user saved the
    section since.
    """
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    text = text.replace("\r\n", "\n")
    renewed: list[str] = []
    for quotation in locked.quotations.filter(number__in=facts):
        fact = facts[quotation.number]
        new = without_unseen(fact.text)
        if (replaced := with_other_words(text, quotation, new)) is None:
            continue
        text = replaced
        quotation.earlier_text, quotation.earlier_citation = quotation.text, quotation.citation
        quotation.text, quotation.citation, quotation.day = new, fact.citation, fact.day
        quotation.save(update_fields=["earlier_text", "earlier_citation", "text", "citation", "day"])
        renewed.append(str(quotation.number))
    if not renewed:
        raise Refused(_("The quoted words were edited in the text. Correct them there."))
    record_sources(locked)
    stored = store_text(locked, text, by=by, is_new_version=True)
    Event.record("report-quotations-renewed", stored, by=by, difference={"quotations": ["", ", ".join(renewed)]})
    return stored


@transaction.atomic
def undo_renewal(*, section: ReportSection, number: int, text: str, seen: int, by: User) -> ReportSection:
    """Put the earlier text of a quotation back. Raises as `renew_quotations`."""
    locked = lock_section(section, by=by)
    refuse_if_changed(locked.version, seen, overwriting_conflict())
    quotation = locked.quotations.filter(number=number).exclude(earlier_text="").first()
    if quotation is None:
        raise Refused(_("Another user has just done this."))
    replaced = with_other_words(text.replace("\r\n", "\n"), quotation, quotation.earlier_text)
    if replaced is None:
        raise Refused(_("The quoted words were edited in the text. Correct them there."))
    quotation.text, quotation.citation = quotation.earlier_text, quotation.earlier_citation
    quotation.earlier_text = quotation.earlier_citation = ""
    quotation.save(update_fields=["earlier_text", "earlier_citation", "text", "citation"])
    record_sources(locked)
    Event.record("report-renewal-undone", locked, by=by, difference={"quotations": [str(number), ""]})
    return store_text(locked, replaced, by=by, is_new_version=True)


def with_other_words(text: str, quotation: Quotation, new: str) -> str | None:
    """The text with other words of the quotation: as it was quoted, or as a draft has it. None if the text no longer
    has them."""
    mark = quotation.mark
    pairs = [(form(quotation.text, mark), form(new, mark)) for form in (as_quotation, as_paragraph)]
    old, put = one_sentence(quotation.text), one_sentence(new)
    pairs += [(f"{old}{closing} {mark}", f"{put}{closing} {mark}") for closing in CLOSINGS]
    return next((text.replace(old, put, 1) for old, put in pairs if old in text), None)
