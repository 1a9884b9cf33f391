"""One record as the API publishes it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.progress.assessments.signing import reply_to_assessment
from servanda.recommendations.models import (
    Link,
    Position,
    Recommendation,
    RecommendingState,
    SourceRecord,
    Tagging,
    TextVersion,
)
from tests import assessing_make as made
from tests import make, progress_make

pytestmark = pytest.mark.django_db
CANARY = "quetzalcoatlus"


@pytest.fixture
def record():
    record = make.recommendation("Ratify.", paragraph="140.10", date="2025-03-24", year=2025, stand="noted")
    other = make.recommendation(paragraph="140.11")
    TextVersion.objects.create(recommendation=record, language="ar", text="صدّقوا", is_machine=True, source="uhri")
    TextVersion.objects.create(recommendation=record, language="en", text="Sign up.", form="plain")
    Position.objects.create(recommendation=record, stand="pending", words="will be examined", symbol="A/HRC/59/15")
    Position.objects.create(recommendation=record, stand="noted", date="2025-06-01", paragraph="5", comment="No.")
    term = make.term("health", taxonomy="uhri-theme")
    Tagging.objects.create(recommendation=record, term=term, scheme="thematic-list")
    Tagging.objects.create(recommendation=record, term=term, origin="person", said_by=make.user(name=CANARY))
    RecommendingState.objects.create(recommendation=record, country=make.country("HRV", "Croatia"))
    record.also_concerns.add(make.country("FRA", "France"))
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="abc-1", digest="1", raw=CANARY, where=CANARY
    )
    Link.objects.create(from_recommendation=record, to_recommendation=other, relation="repeats")
    return record


def get(client, code: str, status: int = 200) -> dict:
    answer = client.get(reverse("api:recommendation", args=[code]))
    assert answer.status_code == status
    assert CANARY not in answer.content.decode()
    return answer.json()


def test_everything_that_is_published_of_a_record_is_there(client, record):
    make.follow_up(record, due_on=date(2026, 12, 1))
    made.assessment(record, "partial")
    made.assessment(record, "full", is_published=False, is_latest=False)
    progress_make.update(record, state="published")
    shown = get(client, record.code)
    texts, positions, labels = shown.pop("texts"), shown.pop("positions"), shown.pop("labels")
    assert shown == {
        "code": record.code,
        "address": f"http://testserver{record.get_absolute_url()}",
        "kind": "recommendation",
        "country": "SVN",
        "also_concerns": ["FRA"],
        "body": "UPR",
        "review": {"body": "UPR", "cycle": 4, "year": None, "session": None},
        "document": {"symbol": "A/HRC/59/15", "title": "", "date": None},
        "paragraph": "140.10",
        "date": "2025-03-24",
        "year": 2025,
        "language": "en",
        "measure": None,
        "stand": "noted",
        "national_code": "",
        "articles": "",
        "territory": "",
        "status": {"government": ["partial"], "mechanism": None, "independent": []},
        "signed_assessments": [],
        "last_update": "2026-05-01",
        "follow_up_asked": True,
        "follow_up_due_on": "2026-12-01",
        "follow_up_replied_on": None,
        "dissemination_asked": False,
        "dissemination_due_on": None,
        "recommending": ["HRV"],
        "sources": [{"scheme": "uhri", "id": "abc-1"}],
        "links": [{"relation": "repeats", "direction": "to", "code": record.links_out.get().to_recommendation.code}],
    }
    assert [(text["language"], text["form"], text["is_original"], text["is_machine"]) for text in texts] == [
        ("en", "full", True, False),
        ("ar", "full", False, True),
        ("en", "plain", False, False),
    ]
    assert [
        (position["stand"], position["words"], position["date"], position["comment"]) for position in positions
    ] == [
        ("pending", "will be examined", "2025-03-24", ""),
        ("noted", "", "2025-06-01", "No."),
    ]
    assert labels == [
        {"taxonomy": "theme", "code": "health", "label": {"und": "health"}, "origin": "person", "source": ""}
    ]


def test_a_spreadsheet_is_named_without_the_number_of_its_sender(client, record):
    SourceRecord.objects.create(recommendation=record, scheme="sheet:7", external_id="12", digest="2")
    assert {"scheme": "sheet", "id": "12"} in get(client, record.code)["sources"]


def test_the_other_end_of_a_link_tells_its_direction(client, record):
    other = record.links_out.get().to_recommendation
    assert get(client, other.code)["links"] == [{"relation": "repeats", "direction": "from", "code": record.code}]


def test_a_label_has_its_name_in_every_language(client, record):
    make.term("health").taxonomy.terms.update(label={"en": "Health", "ar": "الصحة", "fr": ""})
    assert get(client, record.code)["labels"][0]["label"] == {"ar": "الصحة", "en": "Health"}


@pytest.mark.parametrize("fields", [{"is_published": False}, {"confidentiality": "internal"}])
def test_what_is_not_public_is_answered_like_what_does_not_exist(client, record, fields):
    Recommendation.objects.filter(pk=record.pk).update(**fields)
    assert get(client, record.code, 404) == get(client, "SVN-UPR-4-999", 404)
    assert get(client, "SVN-UPR-4-999", 404)["errors"][0]["parameter"] == "code"


def test_what_an_accredited_institution_signed_comes_with_the_reply_of_the_state(client):
    record = make.recommendation()
    assessment = made.signed(record)
    reply_to_assessment(assessment=assessment, text="It is in the budget.", by=make.user(Role.COORDINATOR))
    made.assessment(record)
    found = client.get(reverse("api:recommendation", args=[record.code])).json()["signed_assessments"]
    today = timezone.now().date().isoformat()
    assert found == [
        {
            "institution": {"und": "NHRI"},
            "accreditation": "a",
            "date": "2026-09-01",
            "value": "not-started",
            "common": "not-started",
            "reason": "Nobody has been hired.",
            "replies": [{"date": today, "text": "It is in the budget."}],
        }
    ]
