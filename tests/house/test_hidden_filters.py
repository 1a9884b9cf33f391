"""Filters and orders are no oracle: whatever names are asked for, hidden data change no answer."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from servanda.people.access import Can, Role, can
from servanda.people.models import Institution, User
from servanda.recommendations.counting import counts
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.facets import WITHOUT, Facet, public_facets
from servanda.recommendations.filters.query import SORTS, read_filter
from servanda.recommendations.filters.registry import facets_for, facets_for_everybody
from servanda.recommendations.models import (
    Likeness,
    Position,
    Recommendation,
    SourceRecord,
    Tagging,
    TextVersion,
)
from servanda.sources.models import Review
from tests import actions_make, assessing_make, indicator_make, make, progress_make, suggesting_make
from tests.house.answers import said
from tests.house.kinds import KINDS
from tests.house.replaying import Baseline, QueryLog

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MODELS = [Recommendation, TextVersion, Position, Tagging, SourceRecord]
LISTS = {
    "anonymous": ["portal:register", "api:recommendations", "portal:overview"],
    "contributor": ["desk:register", "desk:overview"],
    "reader": ["desk:register", "desk:overview"],
    "focal point of one beside it": ["desk:register"],
    "focal point for another body": ["desk:register"],
}
# Asked of PostgreSQL as well: the public list, and the list of the desk as the kind whose query is narrowed most; API
# and overview ask with the same querysets. What is left out of a question never reaches an engine, and what hidden
# rows change is left out of its query on either.
ON_BOTH = {("anonymous", "portal:register"), ("focal point for another body", "desk:register")}
ORDERS = ("-id", "texts__text", "positions__is_draft", "restricted_to__code", "withdrawn_reason", "zorbatrix")
INSTITUTION = "zorbatrix-office"
GUESSES = ("zorbatrix", "FJI", "CRC", "2031", "restricted", "noted", "True", "1")
OF_ASSIGNMENTS = {
    "lead": (WITHOUT, INSTITUTION),
    "due": (WITHOUT, "past", "later"),
    "assigned": ("mine", "mine-due", "refused"),
}
OF_FOLLOW_UP = {
    "government": (WITHOUT, "full", "regressed"),
    "mechanism": (WITHOUT,),
    "voices": (WITHOUT, "apart"),
    "follow-up": (WITHOUT, "asked", "past", "replied", "dissemination"),
    "suggested": (WITHOUT, "any"),
    "update": (WITHOUT, "with"),
    **dict.fromkeys(("action", "indicator", "evidence"), (WITHOUT, "with")),
}
# What a page says of a question without heeding it: that it was left out, and where to come back to.
ECHO = re.compile(
    r'(?<="next" value=")[^"]*|(?<=/login/\?next=)[^"]*|<p class="notice notice-warning"[^>]*>[^<]*</p>|\s*\n\s*'
)
Question = dict[str, str | list[str]]


def names() -> set[str]:
    """Names of fields and of lookups that a person could try who knows how the program is written."""
    fields = {field.name for model in MODELS for field in model._meta.get_fields()}
    lookups = {f"{name}__{end}" for name in ("texts", "positions", "taggings") for end in ("text", "is_draft", "pk")}
    coordinator = make.user("coordinator")
    offered = {facet.key for facet in facets_for(coordinator, audience_of(coordinator))}
    return fields | lookups | offered | {"restricted_to__code", "added_by__state", "notes__text"}


def facets_of(page: str, person: User | None) -> Sequence[Facet]:
    if page.startswith("desk:"):
        return facets_for(person, audience_of(person))
    return public_facets() if page.startswith("api:") else facets_for_everybody()


def guesses(facet: Facet) -> list[str]:
    return [*GUESSES, *OF_ASSIGNMENTS.get(facet.key, ()), *OF_FOLLOW_UP.get(facet.key, ())]


def is_offered(facet: Facet, value: str) -> bool:
    return value in facet.options or (value == WITHOUT and bool(facet.without))


def offered(facets: Sequence[Facet]) -> list[Question]:
    """What a list answers, one question for each."""
    values = [(facet, value) for facet in facets for value in guesses(facet) if is_offered(facet, value)]
    return [
        {},
        {"q": GUESSES[0]},
        *({"sort": sort} for sort in SORTS),
        *({facet.key: value} for facet, value in values),
    ]


def left_out(facets: Sequence[Facet]) -> Question:
    """Every name and every value that a list does not offer, in one question: if one of them narrowed the list,
    nothing that may be seen would be left in it."""
    unknown = names() - {facet.key for facet in facets}
    values = {facet.key: [value for value in guesses(facet) if not is_offered(facet, value)] for facet in facets}
    return dict.fromkeys(sorted(unknown), GUESSES[0]) | values


def orders() -> list[Question]:
    """An address has one order, so each is a question of its own: by data that differ between the records shown, by
    data of other rows, and by what is no field. That no other name is an order either, is asked of the one function
    that reads them; none that is not offered reaches an engine."""
    return [] if connection.vendor == "postgresql" else [{"sort": name} for name in ORDERS]


def ask(client, page: str, question: Question) -> str:
    return said(client.get(reverse(page), question))


def ask_all(client, page: str, questions: Sequence[Question]) -> tuple[list[str], Baseline]:
    """What is said to each of the questions, and what the database was asked for that."""
    told, asked = [], {}
    for number, question in enumerate(questions):
        with connection.execute_wrapper(asking := QueryLog()):
            told.append(ask(client, page, question))
        asked[number] = asking
    return told, Baseline(asked)


def heeded(client, page: str, questions: Sequence[Question]) -> list[Question]:
    """Those of the questions that change what is shown; a program is refused instead, for each name and value."""
    if page == "api:recommendations":
        return [question for question in questions if refusals(client, page, question) != length(question)]
    plain = ECHO.sub("", ask(client, page, {}))
    return [question for question in questions if ECHO.sub("", ask(client, page, question)) != plain]


def refusals(client, page: str, question: Question) -> int:
    answer = client.get(reverse(page), question)
    return len(answer.json()["errors"]) if answer.status_code == 400 else 0


def length(question: Question) -> int:
    return sum(1 if isinstance(value, str) else len(value) for value in question.values())


def hidden_record(**fields) -> Recommendation:
    return make.recommendation(
        "Protect the zorbatrix.",
        country=make.country("FJI", "Fiji"),
        body=make.body("UPR"),
        confidentiality="restricted",
        **fields,
    )


def set_stage() -> tuple[Recommendation, Recommendation]:
    """What everyone sees, the one about which more will be hidden neither first nor last in any order by that, and
    one record that only those who read everything do."""
    make.recommendation("Protect the rights of women.")
    shown = make.recommendation("Protect the rights of all.")
    make.recommendation("Protect the rights of children.")
    make.country("FJI", "Fiji")
    make.committee("CRC")
    make.term("Health")
    make.institution(INSTITUTION)
    hidden = hidden_record()
    reindex([shown.pk, hidden.pk])
    return shown, hidden


def change_what_is_hidden(shown: Recommendation, hidden: Recommendation) -> None:
    """Other data where the person may not look: another hidden record, other fields, other rows on both."""
    another = hidden_record(kind="pledge", year=2031, language="fj", stand="noted")
    Recommendation.objects.filter(pk=hidden.pk).update(
        kind="observation", stand="supported", year=2031, is_published=False, withdrawn_reason="zorbatrix"
    )
    for record in (hidden, another):
        TextVersion.objects.create(recommendation=record, language="fr", text="Le zorbatrix.")
        Tagging.objects.create(recommendation=record, term=make.term("Health"))
        Position.objects.create(recommendation=record, stand="noted", words="zorbatrix")
        make.assignment(record, Institution.objects.get(code=INSTITUTION), due_on=date(2026, 2, 1))
        progress_make.update(record, Institution.objects.get(code=INSTITUTION), state="published")
        assessing_make.assessment(record, "full")
        assessing_make.assessment(record, "regressed", "mechanism")
        actions_make.action(records=[record])
        make.follow_up(record, words="zorbatrix", due_on=date(2026, 2, 1))
        suggesting_make.suggestion(record, make.term("Health"))
        Likeness.objects.create(one=shown, other=record, relation="same", cosine=0.99)
        indicator_make.indicator(about=record)
    say_in_confidence(shown)
    Position.objects.create(
        recommendation=shown, stand="noted", is_draft=True, words="zorbatrix", comment="zorbatrix"
    )
    SourceRecord.objects.create(
        recommendation=shown,
        scheme="uhri",
        external_id="zorbatrix",
        digest="1",
        where="1",
        raw="zorbatrix",
        ended_at="2026-01-01T00:00Z",
    )
    reindex([shown.pk, hidden.pk, another.pk])


def say_in_confidence(record: Recommendation) -> None:
    """What is not published, on a record that everyone sees."""
    place = Institution.objects.get(code=INSTITUTION)
    assessing_make.assessment(record, "regressed", is_published=False, is_latest=False)
    progress_make.update(record, place, state="submitted")
    assessing_make.evidence(record, institution=place)


def lists() -> list:
    asked = [(kind, page) for kind, pages in LISTS.items() for page in pages]
    return [pytest.param(*entry, marks=[pytest.mark.database] if entry in ON_BOTH else []) for entry in asked]


@pytest.mark.parametrize(("kind", "page"), lists())
def test_no_name_of_a_filter_or_an_order_tells_of_hidden_data(client, monkeypatch, kind, page):
    person = KINDS[kind]()
    assert not can(person, Can.READ_EVERYTHING)
    if person:
        client.force_login(person)
    stage = set_stage()
    facets = facets_of(page, person)
    ignored = left_out(facets)
    questions = [*offered(facets), ignored]
    before, baseline = ask_all(client, page, questions)
    assert heeded(client, page, [ignored]) == []
    change_what_is_hidden(*stage)
    can_change = baseline.to_draw_again(range(len(questions)))
    assert [questions[key] for key in can_change if ask(client, page, questions[key]) != before[key]] == []
    with monkeypatch.context() as patched:
        # Beside an order stand the numbers of the list without filters; they are counted once for all orders.
        patched.setattr(counts, "stamp_if_worth_keeping", lambda *_more_than: counts.stamp())
        cache.clear()
        assert heeded(client, page, [ignored, *orders()]) == []
    assert length(ignored) > 50


def test_no_name_is_an_order_that_is_not_offered():
    unknown = sorted({*names(), *ORDERS} - SORTS.keys())
    assert len(unknown) > 100
    facets = facets_for_everybody()
    assert [name for name in unknown if read_filter(QueryDict(f"sort={name}"), facets).sort != "document"] == []


@pytest.mark.parametrize(
    "hidden",
    [
        {"is_published": False},
        {"confidentiality": "internal"},
        {"withdrawn_at": "2026-01-01T00:00Z", "withdrawn_reason": "Printed twice."},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_review_that_only_hidden_records_have_is_no_value_of_a_filter(client, hidden):
    """That there was one would show that something was recommended."""
    make.recommendation()
    committee, country = make.committee("CRC"), make.country("FJI", "Fiji")
    review = Review.objects.create(body=committee, country=country, year=2031)
    record = make.recommendation(body=committee, country=country, review=review, **hidden)
    reindex([record.pk])
    assert offering(client, "CRC-2031") == set()
    shown = {"is_published": True, "confidentiality": "public", "withdrawn_at": None}
    Recommendation.objects.filter(pk=record.pk).update(**shown)
    reindex([record.pk])
    cache.clear()
    assert offering(client, "CRC-2031") >= {"the filter", "portal:register", "portal:overview", "api:recommendations"}


def offering(client, review: str) -> set[str]:
    """What tells a stranger that this is a value: pages that name it, and a program that takes it for one."""
    (facet,) = [facet for facet in facets_for_everybody() if facet.key == "review"]
    found = {"the filter"} if review in facet.options else set()
    found |= {page for page in ("portal:register", "portal:overview") if f"review={review}" in ask(client, page, {})}
    answer = client.get(reverse("api:recommendations"), {"review": review})
    return found | ({"api:recommendations"} if answer.status_code == 200 else set())


def test_an_order_by_hidden_data_would_be_seen(client):
    client.force_login(make.user(Role.COORDINATOR))
    stage = set_stage()
    before = said(client.get(reverse("desk:register")))
    change_what_is_hidden(*stage)
    assert said(client.get(reverse("desk:register"))) != before
