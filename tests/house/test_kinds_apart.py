"""Measures change not one byte of the ordinary pages, files and answers, and are found when asked for.

That they change no page of the desk is seen in test_every_page.py.
"""

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from servanda.desk.register.tiles import numbers_of_views
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.planning.actions.for_record import planned_for
from servanda.progress.models import Assessment, Update
from servanda.progress.updates.permissions import records_to_write_on
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.clusters import comparing
from servanda.recommendations.counting import counts
from servanda.recommendations.editing.forms import RecommendationForm
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.positions import add_position
from servanda.recommendations.editing.services import edit_recommendation
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import Recommendation, SavedView, Tagging
from servanda.recommendations.pages.detail import neighbours
from servanda.recommendations.register.listing import list_register
from servanda.recommendations.search import encoding
from servanda.sources.models import Document
from tests import actions_make, assessing_make, make, progress_make
from tests.house.answers import body_of, source_of
from tests.house.replaying import Baseline
from tests.house.test_non_interference import crawl, differing, look_again
from tests.house.test_query_budget import MOST, asked
from tests.measures_make import fifty_measures, measure
from tests.recommendations.editing.test_edit_recommendation import facts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

# Kept counts are another way to count, which a small register does not take.
REAL = counts.stamp_if_worth_keeping


@pytest.fixture(params=["small", "large"])
def size(request, monkeypatch):
    if request.param == "large":
        monkeypatch.setattr(counts, "stamp_if_worth_keeping", lambda *_more_than: REAL(0))
    return request.param


def test_measures_change_not_one_byte_for_the_public(client, size):
    """What one record has to say is no matter of counting."""
    records = [make.recommendation(f"Protect the rights of group {number}.") for number in range(4)]
    part = {} if size == "small" else {"without": "/recommendations/SVN-"}
    Tagging.objects.bulk_create(Tagging(recommendation=record, term=make.term("Health")) for record in records)
    make.country("FJI", "Fiji")
    make.body("ECtHR-CM", "court")
    encoding.encode_missing()
    comparing.compare_all()
    before = crawl(client, **part, asked=(asked := {}))
    baseline = Baseline(asked)
    for record in fifty_measures(records[2])[:4]:
        assessing_make.assessment(record)
    comparing.compare_all()
    cache.clear()
    asked_for = {f"/recommendations/?kind={kind}" for kind in Recommendation.Kind.apart()}
    assert set(differing(before, look_again(client, before, baseline))) == asked_for
    assert asked_for <= before.keys()


@pytest.fixture
def records() -> dict[str, Recommendation]:
    """One recommendation, and measures that everyone may see and not."""
    found = {
        "listed": make.recommendation("Protect the rights of every child."),
        "public": measure("Pay the applicant within three months.", paragraph="1"),
        "hidden": measure("Open a new investigation.", paragraph="2", is_published=False),
    }
    reindex([record.pk for record in found.values()])
    return found


def codes_in(answer) -> set[str]:
    """The references that a list, a file or an answer names."""
    text = body_of(answer).decode()
    return {code for code in Recommendation.every_kind.values_list("code", flat=True) if code in text}


@pytest.mark.parametrize("page", ["/recommendations/", "/recommendations.csv", "/recommendations.json"])
def test_the_public_list_has_published_measures_when_asked_for(client, records, page, size):
    assert codes_in(client.get(page)) == {records["listed"].code}
    assert codes_in(client.get(page, {"kind": "measure"})) == {records["public"].code}
    both = {"kind": ["measure", "recommendation"]}
    assert codes_in(client.get(page, both)) == {records["listed"].code, records["public"].code}


def test_the_api_has_measures_when_asked_for_and_under_their_reference(client, records):
    address = reverse("api:recommendations")
    assert client.get(address).json()["count"] == 1
    answer = client.get(address, {"kind": "measure"}).json()
    assert [(row["code"], row["kind"]) for row in answer["recommendations"]] == [(records["public"].code, "measure")]
    url = reverse("api:recommendation", args=[records["public"].code])
    assert client.get(url).json()["stand"] == ""
    hidden = client.get(reverse("api:recommendation", args=[records["hidden"].code]))
    unknown = client.get(reverse("api:recommendation", args=["SVN-UPR-4-999"]))
    assert (hidden.status_code, hidden.content) == (404, unknown.content)


@pytest.mark.database
def test_the_desk_counts_what_the_list_of_measures_shows(client, records, size):
    person = make.signed_in(client, Role.COORDINATOR)
    audience = audience_of(person)
    facets = facets_for(person, audience)
    listing = list_register(QueryDict("kind=measure"), audience, facets, machine=False)
    assert {row.record.code for row in listing.rows()} == {records["public"].code, records["hidden"].code}
    kinds = next(facet for facet in listing.facets if facet["key"] == "kind")
    assert {option["key"]: option["count"] for option in kinds["options"]} == {"measure": 2, "recommendation": 1}
    ordinary = list_register(QueryDict(), audience, facets, machine=False)
    assert ordinary.page.paginator.count == 1
    view = SavedView.objects.create(owner=person, name="Measures", query="?kind=measure")
    assert numbers_of_views([view], person) == {view.pk: 2}


def test_a_measure_has_its_own_page_without_a_position_and_beside_measures_only(client, records):
    make.signed_in(client, Role.COORDINATOR)
    page = source_of(client.get(reverse("desk:record", args=[records["public"].code])))
    assert "Position of the State" not in page
    assert source_of(client.get(records["public"].get_absolute_url())).count(records["public"].code) > 0
    document = Document.objects.get_or_create(symbol="CM/1")[0]
    Recommendation.objects.update(document=document)
    around = [neighbours(record, Recommendation.every_kind.public()) for record in Recommendation.objects.kept()]
    assert [record.kind for before, after in around for record in [*before, *after]] == []


def test_a_measure_is_found_by_its_reference_and_not_by_its_words(client, records):
    make.signed_in(client, Role.COORDINATOR)
    code = records["public"].code
    assert code in source_of(client.get(reverse("desk:search"), {"q": code}))
    assert code not in source_of(client.get(reverse("desk:search"), {"q": "applicant"}))
    picker = {"field": "codes", "codes_words": code}
    assert code in source_of(client.get(reverse("desk:find_records"), picker))
    assert code not in source_of(client.get(reverse("desk:find_records"), picker | {"codes_words": "applicant"}))


def test_a_measure_is_assigned_planned_reported_and_assessed_like_a_recommendation(client, records):
    coordinator, lead = make.user(Role.COORDINATOR), make.institution("mof")
    record = records["hidden"]
    make.assignment(record, lead)
    focal_point = make.user(Role.FOCAL_POINT, lead)
    assert list(records_to_write_on(lead, focal_point)) == [record]
    action = actions_make.action(lead=lead, records=[record])
    assert [shown for shown, _late in planned_for(record, coordinator, on=timezone.localdate())] == [action]
    update = progress_make.update(record, lead, state="submitted")
    assert list(Update.objects.visible_to(coordinator)) == [update]
    assert list(Update.objects.visible_to(focal_point)) == [update]
    assessment = assessing_make.assessment(record)
    assert list(Assessment.objects.visible_to(coordinator)) == [assessment]
    client.force_login(focal_point)
    assert client.get(reverse("desk:record", args=[record.code])).status_code == 200


def test_no_position_is_taken_on_a_measure(records):
    change, place = (
        Change("add-position", stand="noted"),
        dict.fromkeys(("words", "symbol", "paragraph", "comment"), ""),
    )
    taken = {"stand": "noted", "date": None, "is_draft": False, "by": make.user(Role.COORDINATOR), **place}
    with pytest.raises(Refused, match="no position"):
        add_position(recommendation=records["public"], **taken)
    chosen = Recommendation.every_kind.all()
    assert list(change.affected(chosen)) == [records["listed"]]
    with pytest.raises(IntegrityError, match="no_position_on_kinds_apart"):
        Recommendation.objects.filter(pk=records["public"].pk).update(stand="noted")


def test_a_measure_of_the_review_is_refused_beside_its_body(client):
    make.signed_in(client, Role.COORDINATOR)
    sent = {"kind": "measure", "country": make.country().pk, "body": make.body().pk, "cycle": 4, "language": "en"}
    sent |= {"text": "Pay.", "confidentiality": "public"}
    page = source_of(client.post(reverse("desk:create_recommendation"), sent))
    assert "Measures are ordered by courts and committees." in page
    court = make.body("ECtHR-CM", "court")
    client.post(reverse("desk:create_recommendation"), sent | {"body": court.pk, "year": 2025, "cycle": ""})
    assert Recommendation.every_kind.get().kind == "measure"


def test_a_recommendation_never_becomes_a_measure(records):
    form = RecommendationForm(instance=records["listed"])
    assert "measure" not in dict(form.fields["kind"].choices)
    assert dict(RecommendationForm(instance=records["public"]).fields["kind"].choices) == {
        "measure": "Measure ordered"
    }
    with pytest.raises(Refused, match="separate records"):
        edit_recommendation(**facts(records["listed"], kind="measure"), by=make.user(Role.COORDINATOR))


@pytest.mark.parametrize("address", ["/recommendations/", "/desk/register/"])
def test_the_list_of_measures_is_within_the_budget(client, records, address, size):
    make.signed_in(client, Role.COORDINATOR)
    assert len(asked(client, f"{address}?kind=measure")) <= MOST
    assert len(asked(client, f"{address}?kind=measure&body=ECtHR-CM&q=applicant")) <= MOST
