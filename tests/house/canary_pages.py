"""What the canary is asked: each address, about the scene and about what is hidden, and searches for each word."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from django.urls import reverse
from django.utils import timezone

from servanda.planning.models import Indicator
from servanda.proceedings.models import Proceeding, ProceedingFile, ProceedingQuestion
from servanda.recommendations.models import Recommendation
from servanda.reporting.models import (
    Consultation,
    ConsultationComment,
    Report,
    ReportSection,
    SectionTranslation,
    WordReturn,
)
from servanda.sources.models import ObligationFile
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, Address, of_record, plain
from tests.house.canary_words import CONTRIBUTOR, HEARD_BY, Canary
from tests.house.indicator_addresses import of_indicator
from tests.house.kinds import NAMED
from tests.house.obligation_addresses import of_obligation
from tests.house.question_addresses import of_document, of_question

QUERIES = ["", "?by=theme", "?by=stand&sort=newest", "?stand=-&year=-", "?kind=pledge", "?language=sl"]
LISTS = {"portal:register", "desk:register", "api:recommendations", "portal:register_export", "desk:register_export"}
# What these tell is the same for everyone. A stranger asks them everything; signed in, nothing is asked but whether
# they tell more then: lists once, and pages of one record that is closed and one that was withdrawn. No public page
# asks who it is that is signed in, except whether they contribute: so one without a role, a contributor and one from
# inside ask. Keys ask the API everything, and some kinds search for every word, further below.
PUBLIC = {name for name, address in ADDRESSES.items() if address.who == EVERYBODY}
SIGNED_IN_OUTSIDE = {"without any role", "contributor", "reader"}
FIGURES = ("body", "review", "year", "stand", "theme", "sdg")
TABLES = ("csv", "xlsx", "json")
FORMATS: dict[str, Iterable[str]] = {
    "portal:register_export": TABLES,
    "desk:register_export": TABLES,
    "desk:register_matrix": ("docx", "xlsx"),
    "portal:figure_table": FIGURES,
    "desk:figure_table": FIGURES,
    "people:trail_export": TABLES,
    "desk:export_people": ("all.xlsx", "institutions.csv", "people.csv"),
}
# What some pages need to tell anything.
ASKED = {
    "desk:record_as_of": ["?on=TODAY"],
    "desk:whats_new": ["?since=2020-01-01"],
    "people:trail": ["", f"?person={CONTRIBUTOR[1:-1]}"],
    "people:institutions": ["", "?state=all"],
}
SEARCHED = {
    "portal:search": "?q=",
    "desk:search": "?q=",
    "portal:find_records": "?field=records&records_words=",
    "desk:find_actions": "?field=parent&parent_words=",
    "desk:find_records": "?field=codes&codes_words=",
    "people:trail": "?words=",
    "people:institutions": "?words=",
}


def further_arguments(canary: Canary) -> dict[str, list[list]]:
    """What some addresses can be asked about besides, in few queries for all of them."""
    return {
        "desk:hand_over": [[hand_over.pk] for hand_over in canary.hand_overs],
        "desk:hand_over_file": [
            [hand_over.pk, format] for hand_over in canary.hand_overs for format in ("docx", "pdf")
        ],
        **dict.fromkeys(
            ["portal:recommendation_file", "desk:record_file"],
            [*in_files(canary.asked, "code"), *([record.code, "pdf"] for record in closed_and_withdrawn(canary))],
        ),
        "desk:end_appointment": [[appointment.pk] for appointment in canary.appointments],
        "people:edit_appointment": [[appointment.pk] for appointment in canary.appointments],
        "people:activity_of_object": [[thing._meta.label_lower, thing.pk] for thing in canary.things()],
        "desk:sheet": [["people", sheet.key] for sheet in canary.sheets],
        "desk:proceeding": [[letter.key] for letter in Proceeding.objects.all()],
        "desk:proceeding_of_question": [[row.question_id] for row in ProceedingQuestion.objects.all()],
        "desk:dialogue_kit": [
            [dialogue.key, format]
            for dialogue in Proceeding.objects.filter(kind="dialogue")
            for format in ("docx", "pdf")
        ],
        "desk:proceeding_submissions": in_files(Proceeding.objects.all(), "key"),
        "desk:proceeding_file": [[file.key] for file in ProceedingFile.objects.all()],
        "desk:obligation_file": [[file.key] for file in ObligationFile.objects.all()],
        "desk:save_draft": [[letter.key, NAMED] for letter in Proceeding.objects.all()],
        **dict.fromkeys(
            ["desk:report", "desk:report_text", "desk:report_translations"],
            [[report.key] for report in Report.objects.all()],
        ),
        **dict.fromkeys(
            ["desk:translate_section", "desk:translation_versions"],
            [
                [row.section.report.key, row.into.language, row.section.key]
                for row in SectionTranslation.objects.select_related("into", "section__report")
            ],
        ),
        "desk:report_file": [
            [report.key, format] for report in Report.objects.all() for format in ("docx", "html", "md")
        ],
        **dict.fromkeys(
            [
                *("desk:consultation", "desk:consultation_comments", "desk:add_consultation_comment"),
                *("desk:consultation_changes", "portal:consultation", "portal:consultation_comments"),
            ],
            [[row.key] for row in Consultation.objects.all()],
        ),
        "desk:consultation_comment": [
            [row.consultation.key, row.pk] for row in ConsultationComment.objects.select_related("consultation")
        ],
        "desk:word_return": [[row.key] for row in WordReturn.objects.all()],
        "desk:write_section": [
            [section.report.key, section.key] for section in ReportSection.objects.select_related("report")
        ],
    }


def in_files(things: Iterable, key: str) -> list[list]:
    """Each as DOCX, the first as PDF too: both are written from one document, which is made for the reader."""
    found = [[getattr(thing, key), "docx"] for thing in things]
    return [*found, *([first, "pdf"] for first, _format in found[:1])]


def arguments(name: str, canary: Canary, further: Mapping[str, list[list]]) -> Iterator[list]:
    """What an address can be asked about: of the scene, which is for everyone, and of what is hidden."""
    address, scene = ADDRESSES[name], canary.scene
    yield address.arguments(scene)
    if address.arguments is of_record:
        # The forms find a record by one function: one record that is closed and one that was withdrawn are enough.
        some = closed_and_withdrawn(canary) if "POST" in address.methods else canary.asked
        yield from ([record.code] for record in some)
    yield from further.get(name, ())
    if address.arguments is of_indicator or name == "desk:indicator_values":
        for indicator in Indicator.objects.filter(name__in=HEARD_BY):
            yield [indicator.code, *address.arguments(scene)[1:]]
    yield from of_what_is_owed(address, canary)
    if name in {"people:person", "people:personal_data", "people:change_role", "people:activity_of_person"}:
        yield from ([person.pk] for person in canary.people)
    if name in {"people:institution", "people:edit_institution", "people:activity_of_institution"}:
        yield from ([place.pk] for place in canary.places)
    if name in {"desk:show_import", "desk:import_progress"}:
        yield from ([batch.key] for batch in canary.batches)
    yield from ([format] for format in FORMATS.get(name, ()))


def of_what_is_owed(address: Address, canary: Canary) -> Iterator[list]:
    if address.arguments is of_obligation:
        yield from ([due.code] for due in canary.owed)
    if address.arguments in (of_document, of_question):
        yield from (address.arguments(replace(canary.scene, question=question)) for question in canary.questions)


def closed_and_withdrawn(canary: Canary) -> list[Recommendation]:
    return [record for record in canary.hidden if record.withdrawn_at or record.confidentiality == "restricted"]


def questions(name: str, words: Iterable[str]) -> list[str]:
    """What is asked of a page: of a search a part of each word, so that what is found is not what was asked."""
    searches = [SEARCHED[name] + word[1:-1] for word in words] if name in SEARCHED else []
    return [*ASKED.get(name, ()), *searches] or (QUERIES if name in LISTS else [""])


def pages(
    canary: Canary,
    names: Iterable[str] = ADDRESSES,
    *,
    asked_once: Collection[str] = frozenset(),
    words: Collection[str] = tuple(HEARD_BY),
) -> Iterator[str]:
    """The addresses, and searches for these words."""
    whole = canary, further_arguments(canary)
    short = replace(canary, asked=closed_and_withdrawn(canary))
    once = short, further_arguments(short)
    for name in names:
        if "GET" not in ADDRESSES[name].methods:
            continue
        queries = questions(name, words)
        about, further = once if name in asked_once else whole
        queries = queries[:1] if name in asked_once else queries
        found = dict.fromkeys(reverse(plain(name), args=some) for some in arguments(name, about, further))
        today = timezone.localdate().isoformat()
        for place, url in enumerate(found):
            # A list is written in each format, and searched, filtered and ordered in the first.
            asked = queries[:1] if name in FORMATS and place else queries
            yield from (url + query.replace("TODAY", today) for query in asked)
