"""Reports of the SPT and the CPT come in restricted, unless it is recorded that their publication was authorised."""

from datetime import date

import docx
import pytest
from django.core.files import File
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.proceedings.visits.services import link_report
from servanda.recommendations.bulk.changes import Change, Deed, affected
from servanda.recommendations.editing.services import publish_recommendation
from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import Recommendation
from servanda.sources.models import DocumentReading, Obligation
from servanda.sources.units import editing as deeds
from servanda.sources.units.reading import read_into_units
from servanda.vocab.models import Body
from tests import make, proceedings_make
from tests.once import built_once
from tests.proceedings.test_visits import FIRST, change

pytestmark = pytest.mark.django_db
ROWS = (
    "Report on the visit to Slovenia",
    "1. The Subcommittee visited the prison of the capital in March.",
    "2. The Subcommittee recommends that the State party renovate the prison of the capital.",
    "3. The Subcommittee requests the State party to submit, within six months, a reply on the steps taken.",
)


@built_once
def by():
    make.country()
    return make.user(Role.COORDINATOR)


@pytest.fixture(params=["SPT", "CPT"])
def reading(request, by, tmp_path) -> DocumentReading:
    body = make.body(request.param, Body.Kind.MONITORING)
    document = docx.Document()
    for row in ROWS:
        document.add_paragraph(row)
    path = tmp_path / "report.docx"
    document.save(str(path))
    with path.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=path.name, by=by)
    if batch.shape != "document":
        Batch.objects.filter(pk=batch.pk).update(shape="document")
        batch.refresh_from_db()
    read_into_units(batch)
    DocumentReading.objects.filter(batch=batch).update(body=body.code, symbol="CAT/OP/SVN/R.1", country="SVN")
    reading = DocumentReading.objects.get(batch=batch)
    term = {"deadline": "within six months", "deadline_count": 6, "deadline_unit": "months"}
    reading.units.filter(number="3").update(kind="obligation", due="comments", **term)
    return reading


def applied(reading: DocumentReading, by) -> Batch:
    deeds.confirm_units(reading=reading, numbering_is_right=True, by=by)
    batch = Batch.objects.get(pk=reading.batch_id)
    pipeline.preview_batch(batch)
    batch.refresh_from_db()
    pipeline.start_applying(batch=batch, by=by, accept_refused=False, publish=True)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def test_without_an_authorisation_everything_it_adds_is_restricted(reading, by):
    applied(reading, by)
    records = Recommendation.objects.all()
    assert {(row.confidentiality, row.is_published) for row in records} == {("restricted", False)}
    assert not Recommendation.objects.public().exists()
    assert {(row.confidentiality, row.is_published) for row in Obligation.objects.all()} == {("restricted", False)}
    focal = make.user(Role.FOCAL_POINT, make.institution("moj"))
    assert not Recommendation.objects.visible_to(focal).exists()


def test_no_record_of_it_is_published_before_the_visit_shows_the_authorisation(reading, by):
    applied(reading, by)
    Recommendation.objects.update(confidentiality="public")
    record = Recommendation.objects.get()
    bulk = Change(deed=Deed.PUBLISH)
    with pytest.raises(Refused, match="has not authorised the publication of CAT/OP/SVN/R.1"):
        publish_recommendation(recommendation=record, by=by)
    assert not affected(bulk, Recommendation.objects.all()).exists()

    visit = proceedings_make.visit(by, sort="prevention")
    link_report(proceeding=visit, symbol="CAT/OP/SVN/R.1", seen=proceedings_make.fresh(visit).version, by=by)
    with pytest.raises(Refused):
        publish_recommendation(recommendation=record, by=by)
    change(visit, by, authorised_on=FIRST)
    assert affected(bulk, Recommendation.objects.all()).get() == record
    publish_recommendation(recommendation=record, by=by)
    assert Recommendation.objects.public().get() == record


def test_once_its_publication_was_authorised_it_is_published_as_chosen(reading, by):
    reading.released_on = date(2026, 3, 1)
    deeds.describe_document(reading=reading, described=reading, by=by)
    applied(DocumentReading.objects.get(pk=reading.pk), by)
    assert {(row.confidentiality, row.is_published) for row in Recommendation.objects.all()} == {("public", True)}
    assert {row.confidentiality for row in Obligation.objects.all()} == {"public"}


def test_the_pages_of_the_import_say_so(reading, by, client):
    client.force_login(by)
    sentence = "confidential until the State authorises their publication"
    units = client.get(reverse("desk:document_units", args=[reading.batch.key])).content.decode()
    assert sentence in units
    assert 'name="released_on"' in units
    deeds.confirm_units(reading=reading, numbering_is_right=True, by=by)
    pipeline.preview_batch(Batch.objects.get(pk=reading.batch_id))
    page = client.get(reverse("desk:show_import", args=[reading.batch.key])).content.decode()
    assert sentence in page
    assert 'name="publish"' not in page


def test_the_note_on_bodies_of_other_regions_is_shown_until_the_body_is_known(reading, by, client):
    Instance.objects.create(pk=1, state_code="SVN", regional_systems="CoE")
    client.force_login(by)
    for body, symbol, is_shown in (("SPT", "", False), ("", "CAT/OP/SVN/1", False), ("", "", True)):
        if body:
            make.body(body, Body.Kind.TREATY_BODY)
        DocumentReading.objects.filter(pk=reading.pk).update(body=body, symbol=symbol)
        page = client.get(reverse("desk:document_units", args=[reading.batch.key])).content.decode()
        assert ("Bodies of other regional systems" in page) is is_shown


@pytest.mark.parametrize(
    ("day", "body", "sentence"),
    [(date(2099, 1, 1), "", "today or in the past"), (date(2026, 3, 1), "CEDAW", "Only reports of the SPT")],
)
def test_an_impossible_authorisation_is_refused(reading, by, day, body, sentence):
    reading.released_on, reading.body = day, make.committee(body).code if body else reading.body
    with pytest.raises(FieldRefused, match=sentence):
        deeds.describe_document(reading=reading, described=reading, by=by)
