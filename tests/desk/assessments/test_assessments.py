import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from servanda.people.access import Role
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Grade, Voice
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR, name="Cora")


def answer_of(**values) -> dict:
    return {"reason": "The law is in force.", "date": "2026-09-01", "confidence": "low"} | values


def test_the_coordinator_assesses_and_publishes_on_one_page(client, coordinator):
    load_scales()
    record = make.recommendation()
    url = reverse("desk:assess", args=[record.code])
    assert "Protect the rights" in client.get(url).content.decode()
    grade = Grade.objects.get(scale__code="government", code="partial")
    answer = client.post(url, answer_of(grade=grade.pk, is_published="on"), follow=True)
    assert "Assessment saved and published." in answer.content.decode()
    assessment = Assessment.objects.latest().get()
    assert (assessment.voice, assessment.common, assessment.confidence, assessment.reason) == (
        "government",
        "partial",
        "low",
        "The law is in force.",
    )


def test_a_refusal_stands_beside_the_field_and_keeps_the_words(client, coordinator):
    load_scales()
    record = make.recommendation()
    evidence = made.evidence(record, shows="process")
    grade = Grade.objects.get(scale__code="government", code="full")
    data = answer_of(grade=grade.pk, evidence=[evidence.pk])
    answer = client.post(reverse("desk:assess", args=[record.code]), data | {"is_published": "on"})
    page = answer.content.decode()
    assert (answer.status_code, Assessment.objects.exists()) == (422, False)
    assert "” requires evidence of an outcome that supports it, or a" in page
    assert "The law is in force." in page


def test_a_form_sent_twice_makes_one_row(client, coordinator):
    record, grade = make.recommendation(), made.grade("partial")
    for _time in range(2):
        client.post(reverse("desk:assess", args=[record.code]), answer_of(grade=grade.pk))
    assert Assessment.objects.count() == 1


def test_only_the_scales_that_the_body_uses_are_offered(client, coordinator):
    load_scales()
    human_rights = make.recommendation(body=make.committee("CCPR"), paragraph="9")
    torture = make.recommendation(body=make.committee("CAT"), paragraph="9")
    for record, offers in ((human_rights, True), (torture, False)):
        page = client.get(reverse("desk:enter_grade", args=[record.code])).content.decode()
        assert ("B · Partially satisfactory" in page) == offers


def test_a_record_of_the_upr_shows_two_voices_and_no_empty_third(client, coordinator):
    upr, graded = make.recommendation(), make.recommendation(body=make.committee(), review=None)
    for record, voices in ((upr, ["government", "independent"]), (graded, Voice.values)):
        made.assessment(record, "started")
        page = client.get(reverse("desk:record_follow_up", args=[record.code]))
        assert [column.voice for column in page.context["voices"].columns] == voices
        assert ("Enter the mechanism assessment" in page.content.decode()) == (record == graded)
        public = client.get(reverse("portal:recommendation", args=[record.code]))
        assert [column.voice for column in public.context["voices"].columns] == voices
    assert client.get(reverse("desk:enter_grade", args=[upr.code])).status_code == 404
    assert client.get(reverse("desk:assessments"), {"body": "UPR"}).context["columns"] == [
        *(Voice.GOVERNMENT, Voice.INDEPENDENT),
    ]
    missing = client.get(reverse("desk:assessments"), {"without": "mechanism"}).context["rows"]
    assert [row.record for row in missing] == [graded]
    columns = client.get(reverse("desk:assessments")).context["columns"]
    assert columns == list(Voice)


def test_the_page_of_the_record_shows_three_voices_beside_each_other(client, coordinator):
    record = make.recommendation()
    shown = made.evidence(record, title="Survey of schools", shows="outcome")
    assessment = made.assessment(record, "full")
    assessment.evidence.add(shown)
    made.assessment(record, "started", date=made.DAY.replace(month=3), is_latest=False)
    made.assessment(record, "partial", Voice.MECHANISM, symbol="A/HRC/7")
    made.assessment(record, "not-started", Voice.INDEPENDENT, institution=make.institution("ombudsman"))
    made.assessment(record, "regressed", is_published=False, is_latest=False, reason="In preparation.")
    page = client.get(reverse("desk:record_follow_up", args=[record.code])).content.decode()
    for words in ("Survey of schools", "A/HRC/7", "OMBUDSMAN", "In preparation.", "voices-line-independent"):
        assert words in page
    assert "Government assessment is higher than another" in page
    client.logout()
    public = client.get(reverse("portal:recommendation", args=[record.code])).content.decode()
    assert "OMBUDSMAN" in public
    assert "In preparation." not in public
    assert "Survey of schools" not in public


def test_what_waits_changes_no_byte_of_the_public_page(client):
    record = make.recommendation()
    made.assessment(record, "started")
    url = reverse("portal:recommendation", args=[record.code])
    before = client.get(url).content
    made.assessment(record, "full", is_published=False, is_latest=False)
    made.assessment(record, "full", Voice.INDEPENDENT, is_published=False, is_latest=False)
    assert client.get(url).content == before


def test_an_assessment_is_published_and_taken_back_from_the_page(client, coordinator):
    record = make.recommendation()
    assessment = made.assessment(record, is_published=False, is_latest=False)
    client.post(reverse("desk:publish_assessment", args=[record.code, assessment.pk]))
    assert Assessment.objects.latest().get() == assessment
    url = reverse("desk:retract_assessment", args=[record.code, assessment.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    client.post(url, {"reason": "Wrong record."})
    assert not Assessment.objects.standing().exists()


def test_what_shows_an_upper_step_is_added_on_a_page_and_publishes_it(client, coordinator):
    record = make.recommendation()
    assessment = made.assessment(record, "full", is_published=False, is_latest=False)
    url = reverse("desk:complete_assessment", args=[record.code, assessment.pk])
    assert url in client.get(reverse("desk:record_follow_up", args=[record.code])).content.decode()
    assert "Add them to the record first" in client.get(url).content.decode()
    shown = made.evidence(record, shows="outcome")
    assert client.post(url, {"is_published": "on"}).status_code == 422
    client.post(url, {"is_published": "on", "evidence": [shown.pk]})
    assert Assessment.objects.latest().get() == assessment


def listed(client, query: str) -> set[str]:
    page = client.get(reverse("desk:assessments"), query).content.decode()
    return {code for code in CODES if f"{code}/follow-up/#assessments" in page}


CODES = {f"SVN-UPR-4-{number}" for number in (1, 2, 3)}


@pytest.fixture
def three_records():
    full, differs, _silent = (make.recommendation(paragraph=str(number)) for number in (1, 2, 3))
    made.assessment(full, "full")
    made.assessment(differs, "full")
    made.assessment(differs, "started", Voice.INDEPENDENT)
    made.assessment(full, "started", is_published=False, is_latest=False)


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, {1, 2, 3}),
        ({"voice": "independent"}, {2}),
        ({"voice": "government", "value": "full"}, {1, 2}),
        ({"value": "started"}, {2}),
        ({"without": "any"}, {3}),
        ({"without": "independent"}, {1, 3}),
        ({"disagreement": "any"}, {2}),
        ({"disagreement": "government-lower"}, set()),
        ({"body": "CCPR"}, set()),
        ({"waiting": "1"}, {1}),
        ({"voice": "nobody", "value": "x", "page": "99"}, {1, 2, 3}),
    ],
)
def test_the_list_is_narrowed(client, coordinator, three_records, query, numbers):
    assert listed(client, query) == {f"SVN-UPR-4-{number}" for number in numbers}


def test_what_waits_is_no_filter_for_others(client, three_records):
    make.signed_in(client, Role.FOCAL_POINT)
    assert listed(client, {"waiting": "1"}) == CODES


def test_the_list_costs_the_same_for_three_and_for_thirty(client, coordinator, three_records):
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("desk:assessments"), {"disagreement": "any"})
        return len(queries)

    few = cost()
    for number in range(10, 37):
        record = make.recommendation(paragraph=str(number))
        made.assessment(record, "full")
        made.assessment(record, "started", Voice.MECHANISM)
    assert cost() == few <= 20


def test_the_list_goes_out_as_a_table(client, coordinator, three_records):
    csv = b"".join(client.get(reverse("desk:assessments_export", args=["csv"]), {"disagreement": "any"})).decode()
    assert csv.splitlines()[1].startswith("SVN-UPR-4-2,UPR,full,full,2026-09-01,The State,")
    assert csv.splitlines()[1].endswith("government-higher")
    xlsx = client.get(reverse("desk:assessments_export", args=["xlsx"]))
    assert b"".join(xlsx).startswith(b"PK")
    xlsx.close()


def test_scales_are_shown_to_all_and_changed_by_few(client, coordinator):
    load_scales()
    data = {"code": "ours", "name_0": "Ours", "voice": "independent", "bodies": "", "source": "Law 3"}
    assert client.post(reverse("desk:add_scale"), data | {"bodies": "NOBODY"}).status_code == 422
    client.post(reverse("desk:add_scale"), data)
    client.post(reverse("desk:add_grade", args=["ours"]), {"code": "good", "label_0": "Good", "common": "full"})
    grade = Grade.objects.get(scale__code="ours")
    assert "Good" in client.get(reverse("desk:scales")).content.decode()
    client.post(reverse("desk:remove_grade", args=[grade.pk]))
    assert not Grade.objects.filter(scale__code="ours").exists()
    make.signed_in(client, Role.READER)
    page = client.get(reverse("desk:scales")).content.decode()
    assert "A · Largely satisfactory" in page
    assert reverse("desk:retire_scale", args=["ours"]) not in page


def test_the_coordinator_brings_what_shows_an_outcome_without_any_update(client, coordinator):
    load_scales()
    record = make.recommendation()
    page = reverse("desk:add_evidence", args=[record.code])
    data = {"kind": "statistic", "stance": "supports", "shows": "outcome", "is_public": "on"}
    assert "Choose a file or enter a link, not both." in client.post(page, data).content.decode()
    refused = client.post(page, data | {"file": SimpleUploadedFile("girls.csv", b"MZ\x00\x01")})
    assert refused.status_code == 422
    assert not record.evidence.exists()
    sent = data | {"file": SimpleUploadedFile("girls.csv", b"Year,Girls\n2025,93\n")}
    assert "girls.csv" in client.post(page, sent, follow=True).content.decode()
    evidence = record.evidence.get()
    grade = Grade.objects.get(scale__code="government", code="substantial")
    assess = answer_of(grade=grade.pk, evidence=[evidence.pk], is_published="on")
    client.post(reverse("desk:assess", args=[record.code]), assess)
    assert Assessment.objects.latest().get().common == "substantial"
    assert "girls.csv" in Client().get(record.get_absolute_url()).content.decode()
    client.post(reverse("desk:withdraw_evidence", args=[evidence.key]), {"reason": "Wrong year."})
    assert "girls.csv" not in Client().get(record.get_absolute_url()).content.decode()
