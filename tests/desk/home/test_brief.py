"""The register at a glance: each number is that of the list behind it, for the same reader."""

import re
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import unquote

import pypdfium2
import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from docx import Document
from docx.oxml.ns import qn

from servanda.desk.home.brief import MOST_BODIES, MOST_OBLIGATIONS, brief_for
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Obligation, Review
from servanda.trail.models import Event
from tests import assessing_make, make, obligation_make, progress_make, rounds_make
from tests.house.answers import source_of
from tests.house.kinds import ON_BOTH, asked_of_both_databases
from tests.once import built_once

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 20)
COUNTERS = [Role.READER, Role.AUTHORITY, Role.AUDITOR, Role.COORDINATOR, Role.ADMINISTRATOR]  # a scope, or everything


def review(body: str, cycle: int = 0, year: int = 0) -> Review:
    reviewing = make.body(body, "upr" if body == "UPR" else "treaty")
    return Review.objects.create(body=reviewing, country=make.country(), cycle=cycle, year=year)


@built_once
def register():
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    make.country("SVN", "Slovenia")
    third, crc, cat = review("UPR", 3), review("CRC", year=2026), review("CAT", year=2023)
    for number, stand in enumerate(["supported", "supported", "noted", "partly", "pending", ""]):
        record = make.recommendation(review=third, stand=stand, date=date(2019, 11, number + 1))
    assessing_make.assessment(record, "full")
    assessing_make.assessment(record, "started", "independent")
    health = make.institution("health")
    make.assignment(record, health, due_on=DAY - timedelta(days=1))
    make.assignment(make.recommendation(), health)
    for _number in range(3):
        make.recommendation(review=crc, body=crc.body, date=date(2026, 2, 1))
    make.recommendation(review=cat, body=cat.body, confidentiality="restricted", date=date(2023, 5, 1))
    make.recommendation(stand="pending", decide_by=DAY - timedelta(days=1))
    for _number in range(2):
        make.recommendation(stand="pending", decide_by=DAY + timedelta(days=30))


def brief(user):
    return brief_for(user, on=DAY)


def numbers_of(found) -> list:
    lines = [
        number for line in found.lines for number in [line.total, *(stand for _label, stand in line.stands if stand)]
    ]
    voices = [number for _voice, numbers in found.voices for _label, number in numbers]
    return [
        found.total,
        found.owed,
        *(number for _label, number in found.stands),
        *voices,
        *lines,
        *(review.number for review in found.reviews),
        *(number for _label, number in found.attention),
        *(
            number
            for institution in found.institutions
            for number in (institution.led, institution.past, institution.silent)
        ),
    ]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("role", asked_of_both_databases(COUNTERS, on_both=ON_BOTH))
def test_each_number_is_that_of_the_list_behind_it(client, role):
    person = make.user(role)
    client.force_login(person)
    numbers = numbers_of(brief(person))
    assert len(numbers) > 15
    audience = audience_of(person)
    facets = facets_for(person, audience)
    lists = [number.href.partition("?") for number in numbers]
    assert {page for page, _mark, _query in lists} == {reverse("desk:register")}
    asked = [read_filter(QueryDict(query), facets) for _page, _mark, query in lists]
    assert [narrow(audience, chosen, facets).count() for chosen in asked] == [number.count for number in numbers]
    assert [chosen.notes for chosen in asked] == [()] * len(asked)
    assert client.get(numbers[-1].href).context["listing"].page.paginator.count == numbers[-1].count
    with_positions = Recommendation.objects.visible_to(person).with_positions().count()
    assert sum(number.count for _label, number in brief(person).stands) == with_positions < brief(person).total.count


@pytest.mark.usefixtures("register")
def test_each_number_says_what_it_counts_to_those_who_go_from_link_to_link(client):
    make.signed_in(client, Role.READER)
    page = source_of(client.get(reverse("desk:brief")))
    named = re.findall(r">\d+<span class=\"visually-hidden\"> \((.+?)\)</span></a>", page)
    assert "All bodies · Records" in named
    assert "All bodies · Noted" in named
    assert len(named) == len(set(named))


@pytest.mark.usefixtures("register")
def test_a_restricted_record_is_counted_for_those_who_may_read_it():
    assert brief(make.user(Role.COORDINATOR)).total.count == brief(make.user(Role.READER)).total.count + 1
    assert [str(line.label) for line in brief(make.user(Role.READER)).lines] == ["UPR", "CRC"]


@pytest.mark.usefixtures("register")
def test_what_is_to_be_decided_comes_by_its_day_and_says_what_is_late():
    found = brief(make.user(Role.COORDINATOR))
    assert [(row.day, row.count, row.is_late) for row in found.due] == [
        (DAY - timedelta(days=1), 1, True),
        (DAY + timedelta(days=30), 2, False),
    ]
    assert (found.late, found.due_left_out) == (1, 0)


@pytest.mark.database
@pytest.mark.usefixtures("register")
def test_a_day_is_told_only_to_those_who_read_the_internal_side():
    ministry = make.institution("health")
    person = make.user(Role.PUBLIC)
    make.appointment(person, ministry, "principal", bodies="CRC")
    found = brief(person)
    assert {str(label): number.count for label, number in found.stands}["To be examined"] == 4
    assert found.due == []


def asked_to_reply(due_on: date, **fields):
    record = make.recommendation(**fields)
    return record, make.follow_up(record, due_on=due_on)


def test_replies_that_are_due_stand_by_document_and_day_until_they_are_sent(client):
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    first, asked = asked_to_reply(DAY + timedelta(days=30))
    asked_to_reply(DAY + timedelta(days=30), document=first.document)
    missed, _asked = asked_to_reply(DAY - timedelta(days=3), body=make.body("CAT"))
    asked_to_reply(DAY + timedelta(days=300))
    asked_to_reply(DAY, confidentiality="restricted")
    found = brief(make.user(Role.READER))
    assert [(str(reply.body), reply.symbol, reply.day, reply.count, reply.is_late) for reply in found.replies] == [
        ("CAT", missed.document.symbol, DAY - timedelta(days=3), 1, True),
        ("UPR", first.document.symbol, DAY + timedelta(days=30), 2, False),
    ]
    assert (found.owed.count, found.replies_left_out) == (3, 0)
    obligation_make.submission(asked.obligation)
    assert [reply.count for reply in brief(make.user(Role.READER)).replies] == [1]
    assert brief(make.user(Role.COORDINATOR)).owed.count == 2


def test_the_number_of_records_of_which_a_body_waits_to_hear_is_that_of_the_list(client):
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    today = timezone.localdate()
    asked_to_reply(today + timedelta(days=30))
    asked_to_reply(today + timedelta(days=300))
    person = make.signed_in(client, Role.READER)
    owed = brief_for(person, on=today).owed
    assert owed.count == client.get(owed.href).context["listing"].page.paginator.count == 1
    page = client.get(reverse("desk:brief")).content.decode()
    assert "All follow-up replies · Records" in page


@pytest.mark.usefixtures("register")
def test_the_newest_reviews_come_first():
    make.recommendation(review=None, body=make.body("CAT"))
    found = brief(make.user(Role.COORDINATOR))
    assert [(str(row.review), row.day) for row in found.reviews] == [
        ("CRC 2026", date(2026, 2, 1)),
        ("CAT 2023", date(2023, 5, 1)),
    ]


def test_lead_institutions_come_with_what_is_late_and_silent_the_worst_first(client):
    health, justice = make.institution("health"), make.institution("justice")
    late = timezone.localdate() - timedelta(days=3)
    answered, record = make.recommendation(), make.recommendation()
    make.assignment(answered, health)
    progress_make.update(answered, health, state="published", published_at=timezone.now())
    make.assignment(make.recommendation(), justice, due_on=late)
    make.assignment(record, justice)
    make.assignment(make.recommendation(), make.institution("culture"), part="supporting", due_on=late)
    rounds_make.request(justice, [record], due_on=late)
    person = make.signed_in(client, Role.COORDINATOR)
    found = brief_for(person, on=timezone.localdate())
    assert [
        (
            institution.institution.code,
            institution.led.count,
            institution.past.count,
            institution.silent.count,
            institution.owed,
        )
        for institution in found.institutions
    ] == [("justice", 2, 1, 2, 1), ("health", 1, 0, 0, 0)]
    assert {str(label): number.count for label, number in found.attention} == {
        "Overdue": 1,
        "No update yet": 3,
        "No update for six months": 0,
    }
    page = client.get(reverse("desk:brief")).content.decode()
    assert "No record has a lead institution." not in page


def test_what_was_assessed_lower_than_before_is_named():
    worse, better, first, old = (make.recommendation(f"Reform {number}.") for number in range(4))
    before, now = DAY - timedelta(days=200), DAY - timedelta(days=20)
    for record, then, after in ((worse, "partial", "regressed"), (better, "started", "full")):
        assessing_make.assessment(record, then, date=before, is_latest=False)
        assessing_make.assessment(record, after, date=now)
    assessing_make.assessment(worse, "full", "mechanism", date=now)
    assessing_make.assessment(first, "not-started", date=now)
    assessing_make.assessment(old, "full", date=DAY - timedelta(days=900), is_latest=False)
    assessing_make.assessment(old, "partial", date=DAY - timedelta(days=800))
    (line,) = brief(make.user(Role.COORDINATOR)).worse
    assert (line.code, line.text.text, str(line.before), str(line.now), line.day) == (
        worse.code,
        "Reform 0.",
        "Partially implemented",
        "Regressed",
        now,
    )


def test_only_an_earlier_assessment_by_the_same_author_counts():
    record, person, other = make.recommendation(), make.user(), make.user()
    health = make.institution("health")
    earlier = {"date": DAY - timedelta(days=30), "voice": "independent"}
    later = {"date": DAY - timedelta(days=1), "voice": "independent"}
    assessing_make.assessment(record, "full", made_by=person, **earlier)
    assessing_make.assessment(record, "partial", made_by=other, **later)
    assessing_make.assessment(record, "started", made_by=person, institution=health, **later)
    assert brief(make.user(Role.COORDINATOR)).worse == []
    assessing_make.assessment(record, "partial", made_by=person, **later)
    assert [str(line.before) for line in brief(make.user(Role.COORDINATOR)).worse] == ["Fully implemented"]


def test_what_got_worse_on_a_hidden_record_is_named_only_to_those_who_read_it():
    hidden = make.recommendation(confidentiality="restricted")
    assessing_make.assessment(hidden, "full", date=DAY - timedelta(days=30), is_latest=False)
    assessing_make.assessment(hidden, "partial", date=DAY - timedelta(days=1))
    assert [len(brief(make.user(role)).worse) for role in (Role.READER, Role.COORDINATOR)] == [0, 1]


def test_bodies_that_find_no_room_are_counted_in_the_last_row(client):
    for number in range(MOST_BODIES + 2):
        body = make.body(f"B{number}")
        make.recommendation(body=body, review=None)
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get(reverse("desk:brief"))
    assert len(page.context["brief"].lines) == MOST_BODIES
    assert "2 more bodies are counted in the last row." in page.content.decode()


def test_an_empty_register_says_so(client):
    client.force_login(make.user(Role.AUTHORITY))
    assert "No figures yet" in client.get(reverse("desk:brief")).content.decode()


def test_a_register_without_follow_up_says_so(client):
    make.recommendation(review=None)
    client.force_login(make.user(Role.AUTHORITY))
    page = client.get(reverse("desk:brief")).content.decode()
    for sentence in (
        "No position has a decision deadline.",
        "No record has a lead institution.",
        "No recommendation was assessed lower than before in the last 12 months.",
        "No record belongs to a review.",
    ):
        assert sentence in page


@pytest.mark.usefixtures("register")
def test_the_page_costs_the_same_for_few_and_for_many(client, django_assert_max_num_queries):
    client.force_login(make.user(Role.COORDINATOR))
    make.institution("first")
    client.get(reverse("desk:brief"))
    with django_assert_max_num_queries(28) as few:
        client.get(reverse("desk:brief"))
    for number in range(12):
        ministry = make.institution(f"m{number}")
        make.recommendation(stand="pending", decide_by=DAY + timedelta(days=number))
        make.assignment(make.recommendation(), ministry, due_on=DAY)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("desk:brief"))


@pytest.mark.usefixtures("register")
def test_the_file_is_at_most_two_pages_and_its_download_is_in_the_trail(client):
    """In the language with the longest words of ours, and in the one that is written in another script."""
    person = make.user(Role.COORDINATOR)
    client.force_login(person)
    for number in range(10):
        body = make.body(f"Committee on the Elimination of All Forms of Something {number}")
        make.recommendation(body=body, review=None, stand="pending", decide_by=DAY + timedelta(days=number))
        ministry = make.institution(
            f"m{number}", name=f"Ministry of Labour, Family, Social Affairs and Things {number}"
        )
        make.assignment(make.recommendation(), ministry, due_on=DAY)
        worse = make.recommendation()
        assessing_make.assessment(worse, "full", date=timezone.localdate() - timedelta(days=9), is_latest=False)
        assessing_make.assessment(worse, "partial", date=timezone.localdate())
        asked_to_reply(timezone.localdate() + timedelta(days=number), body=body, review=None)
    address = reverse("desk:brief_file", args=["pdf"])
    client.head(address)
    assert not Event.objects.filter(action="brief-downloaded").exists()
    total = str(brief_for(person, on=timezone.localdate()).total.count)
    for language in ("fr", "ar"):
        answer = client.get(address, headers={"accept-language": language})
        assert (answer["Content-Type"], answer.status_code) == ("application/pdf", 200)
        assert re.search(r"SVN-.+-20\d\d-\d\d-\d\d\.pdf", unquote(answer["Content-Disposition"]))
        sheets = pypdfium2.PdfDocument(b"".join(answer.streaming_content))
        assert len(sheets) <= 2
        assert total in "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
    assert [event.actor for event in Event.objects.filter(action="brief-downloaded")] == [person] * 2


@pytest.mark.usefixtures("register")
def test_the_word_file_has_a_title_block_and_the_numbers_of_the_page(client):
    person = make.signed_in(client, Role.COORDINATOR)
    answer = client.get(reverse("desk:brief_file", args=["docx"]))
    document = Document(BytesIO(b"".join(answer.streaming_content)))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[:2] == ["Office", "The register at a glance"]
    assert "State\tSlovenia" in lines
    assert "NUMPAGES" in document.sections[0].footer._element.xml
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    found = brief_for(person, on=timezone.localdate())
    (bodies,) = [table for table in tables if table[0][0] == "Body"]
    assert bodies[-1][:2] == ["All bodies", str(found.total.count)]
    assert all(table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None for table in document.tables)


def test_there_is_no_other_kind_of_file(client):
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse("desk:brief_file", args=["odt"])).status_code == 404


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.COORDINATOR, Role.CONTRIBUTOR])
def test_the_desk_leads_to_it_for_those_who_may_see_it(client, role):
    make.recommendation()
    client.force_login(make.user(role))
    address = reverse("desk:brief")
    for name in ("desk:home", "desk:overview"):
        assert (f'href="{address}"' in client.get(reverse(name)).content.decode()) == (role != Role.CONTRIBUTOR)
    assert client.get(address).status_code == (403 if role == Role.CONTRIBUTOR else 200)


def test_institutions_with_assignments_are_on_the_page_and_none_is_missed(client):
    make.signed_in(client, Role.COORDINATOR)
    for code in ("health", "health", "labour"):
        make.assignment(make.recommendation(), make.institution(code))
    page = client.get(reverse("desk:brief"))
    assert [
        (institution.institution.code, institution.led.count) for institution in page.context["brief"].institutions
    ] == [
        ("health", 2),
        ("labour", 1),
    ]
    assert "No record has a lead institution." not in page.content.decode()


def test_each_obligation_leads_to_its_page_and_the_rest_to_the_list(client):
    make.signed_in(client, Role.COORDINATOR)
    for number in range(MOST_OBLIGATIONS + 1):
        obligation_make.obligation(f"Report {number}", due_on=timezone.localdate() + timedelta(days=number))
    page = client.get(reverse("desk:brief")).content.decode()
    first = Obligation.objects.order_by("due_on").first()
    assert f'<a href="{first.get_absolute_url()}">' in page
    rest = page.partition("1 more obligation.")[2].partition("</p>")[0]
    assert f'<a href="{reverse("desk:obligations")}">' in rest
