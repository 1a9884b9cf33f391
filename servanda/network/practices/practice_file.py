"""A practice as its pages show it, and as a PDF or Word file in the same order."""

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from servanda.kit.files.paper import Paper, Part, TextLine
from servanda.kit.pages.translations import listed
from servanda.network.models import Endorsement, Practice, ReceivedEndorsement
from servanda.network.practices.queries import ShownText, capacity_labels, language_for, shown_texts, text_in
from servanda.people.models import Instance


def shown_facts(shown: Practice, wanted: str) -> dict[str, object]:
    """What every page of a practice shows."""
    language = language_for(shown, wanted)
    title, written_in = text_in(shown, "title", language)
    return {
        "practice": shown,
        "title": title,
        "title_language": written_in,
        "language": language,
        "texts": shown_texts(shown, language),
        "cost": cost_of(shown, language),
        "capacities": capacity_labels(shown),
    }


def file_of(
    practice: Practice, language: str, *, endorsements: Iterable[Endorsement | ReceivedEndorsement], address: str
) -> Paper:
    """`practice` comes with what its page shows."""
    title, written_in = text_in(practice, "title", language)
    parts = [Part(str(shown.label), lines_of(shown)) for shown in shown_texts(practice, language)]
    parts += [
        Part(_("Evidence"), list(of_evidence(practice))),
        Part(_("Endorsed or tried by"), list(of_endorsements(endorsements))),
    ]
    return Paper(
        title=_("Practice"),
        issuer=str(Instance.current()),
        day=date_format(timezone.localdate(), "DATE_FORMAT"),
        heading=TextLine(title, written_in),
        status="" if practice.is_public else practice.get_state_display(),
        notices=[_("Invented for demonstration")] if practice.is_invented else [],
        facts=[(label, value) for label, value in of_facts(practice, language) if value],
        parts=[part for part in parts if part.lines],
        source=[TextLine(address, is_code=True)],
    )


def lines_of(shown: ShownText) -> list[TextLine]:
    if not shown.is_steps:
        return [TextLine(line, shown.language) for line in shown.lines]
    return [TextLine(f"{number}. {line}", shown.language) for number, line in enumerate(shown.lines, 1)]


def of_facts(practice: Practice, language: str) -> Iterator[tuple[str, str]]:
    yield _("Mechanism"), practice.owner
    yield _("State"), str(practice.mechanism.country) if practice.mechanism else ""
    if practice.is_received and practice.received_on:
        yield _("Received from"), listed([practice.origin, date_format(practice.received_on, "DATE_FORMAT")])
    yield _("Cost"), cost_of(practice, language)
    yield _("Capacities"), listed(capacity_labels(practice))
    yield _("Themes"), listed(practice.themes.all())
    yield _("Bodies"), listed(body.name for body in practice.bodies.all())
    yield _("Contact"), practice.contact


def cost_of(practice: Practice, language: str) -> str:
    """The amount with its currency and year, and the words beside it."""
    words = text_in(practice, "cost_words", language)[0]
    return listed(filter(None, (amount_of(practice), words)))


def amount_of(practice: Practice) -> str:
    if practice.cost is None:
        return ""
    places = 0 if practice.cost == practice.cost.to_integral_value() else 2
    amount = f"{number_format(practice.cost, decimal_pos=places, force_grouping=True)} {practice.currency}"
    return f"{amount} ({practice.cost_year})" if practice.cost_year else amount


def of_evidence(practice: Practice) -> Iterator[TextLine]:
    for row in practice.evidence.all():
        yield TextLine(row.text, is_typed=True)
        if row.source:
            yield TextLine(row.source, is_typed=True)
        if row.address:
            yield TextLine(row.address, is_code=True)


def of_endorsements(endorsements: Iterable[Endorsement | ReceivedEndorsement]) -> Iterator[TextLine]:
    for row in endorsements:
        head = [row.mechanism, row.get_kind_display(), date_format(row.day, "DATE_FORMAT")]
        yield TextLine(listed(head), is_strong=True)
        if row.note:
            yield TextLine(row.note, is_typed=True)
