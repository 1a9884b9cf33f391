"""The public list: what is published, found by anyone, with or without script."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from servanda.intake.models import Batch
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import RecommendingState, Tagging, TextVersion
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db
ADDRESS = "/recommendations/"
CANARY = "quetzalcoatl"


@pytest.fixture
def hidden():
    """Records that the public must not learn of, each hidden in a way of its own, all with one odd word."""
    pending = Batch.objects.create(name="pending", sha256="1", state=Batch.State.APPLYING)
    shown = make.recommendation("Protect them.", paragraph="1", stand="noted")
    secret = [
        make.recommendation(f"{CANARY} a", paragraph="2", is_published=False),
        make.recommendation(f"{CANARY} b", paragraph="3", confidentiality="internal"),
        make.recommendation(f"{CANARY} c", paragraph="4", confidentiality="restricted"),
        make.recommendation(f"{CANARY} d", paragraph="5", added_by=pending),
        make.recommendation(f"{CANARY} e", paragraph="6", merged_into=shown),
    ]
    for record in secret:
        Tagging.objects.create(recommendation=record, term=make.term(CANARY))
    TextVersion.objects.create(recommendation=shown, language="fr", text=CANARY, added_by=pending)
    reindex([record.pk for record in [shown, *secret]])
    return secret


def test_nothing_hidden_shows_in_the_list_its_twins_or_its_counts(client, hidden):
    for address in (ADDRESS, "/recommendations.csv", "/recommendations.json"):
        for query in ("", f"?theme={CANARY}", "?stand=-", "?theme=-"):
            answer = client.get(f"{address}{query}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            without_the_question = body.decode().replace(f"theme={CANARY}", "").replace(f'value="{CANARY}"', "")
            assert CANARY in query or CANARY not in without_the_question, (address, query)
    assert client.get(ADDRESS).context["listing"].page.paginator.count == 1
    assert client.get(f"{ADDRESS}?q={CANARY}").context["listing"].page.paginator.count == 0
    for record in hidden:
        assert client.get(f"{ADDRESS}{record.code}/panel/", headers={"HX-Request": "true"}).status_code == 404


def test_what_only_hidden_records_have_is_no_value_of_a_filter(client):
    make.recommendation(territory="Piran")
    make.recommendation(territory=CANARY, confidentiality="internal")
    assert client.get(ADDRESS, {"territory": "Piran"}).context["listing"].filters.chosen == {"territory": ("Piran",)}
    assert client.get(ADDRESS, {"territory": CANARY}).context["listing"].filters.chosen == {}


def test_whoever_is_signed_in_sees_the_same_public_list(client, hidden):
    client.force_login(make.user("coordinator"))
    assert client.get(ADDRESS).context["listing"].page.paginator.count == 1


def test_a_filter_can_be_taken_away_and_nothing_found_says_what_to_do(client):
    make.recommendation("Protect them.", stand="noted")
    page = client.get(f"{ADDRESS}?stand=noted&kind=pledge").content.decode()
    assert "No records match all of these criteria" in page
    assert 'href="?stand=noted"' in page
    assert 'href="?kind=pledge"' in page


def test_an_address_full_of_nonsense_gives_a_page_and_says_what_was_left_out(client):
    make.recommendation()
    nonsense = (
        "?page=-1&size=1e9&sort=id&body=%00&q=%22%22+OR&recommending=%27&__proto__=x&country__code=SVN&year=20x5"
    )
    answer = client.get(ADDRESS + nonsense)
    assert answer.status_code == 200
    assert answer.context["listing"].page.paginator.count == 1
    assert "was ignored" in answer.content.decode()


def test_a_record_can_be_read_beside_the_list_and_without_script_on_its_page(client):
    record = make.recommendation("Protect them.")
    page = client.get(ADDRESS).content.decode()
    assert f'href="{ADDRESS}{record.code}/"' in page
    assert f'hx-get="{ADDRESS}{record.code}/panel/"' in page
    panel = client.get(f"{ADDRESS}{record.code}/panel/", headers={"HX-Request": "true"})
    assert "Protect them." in panel.content.decode()
    assert "<html" not in panel.content.decode()
    assert client.get(f"{ADDRESS}{record.code}/panel/").url == f"{ADDRESS}{record.code}/"


def test_a_text_carries_its_language_and_direction(client):
    make.recommendation("احموا الحقوق", language="ar")
    page = client.get(ADDRESS).content.decode()
    assert '<span class="langtext" lang="ar" dir="auto">احموا الحقوق</span>' in page
    assert "in Arabic" in page


@pytest.fixture
def two_records():
    first = make.recommendation("=HYPERLINK(1)", paragraph="140.1", stand="noted")
    TextVersion.objects.create(recommendation=first, language="fr", text="Protégez", is_machine=True)
    RecommendingState.objects.create(recommendation=first, country=make.country("FRA", "France"))
    Tagging.objects.create(recommendation=first, term=make.term())
    make.recommendation("Ratify.", paragraph="140.2", stand="supported")
    return first


def downloaded(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_csv_holds_exactly_what_is_filtered_in_every_language(client, two_records):
    text = downloaded(client, "/recommendations.csv?stand=noted").decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["reference"], row["position"], row["recommending_states"]) == ("SVN-UPR-4-140.1", "noted", "FRA")
    assert (row["text_en"], row["text_fr"], row["machine_translated"]) == ("'=HYPERLINK(1)", "Protégez", "fr")
    assert row["theme"] == "Right to education"
    assert downloaded(client, "/recommendations.csv?bom=1").startswith(b"\xef\xbb\xbf")


def test_the_workbook_holds_the_same_and_no_formula(client, two_records):
    book = CalamineWorkbook.from_filelike(io.BytesIO(downloaded(client, "/recommendations.xlsx?stand=noted")))
    header, row = book.get_sheet_by_index(0).to_python()
    assert dict(zip(header, row, strict=True))["text_en"] == "=HYPERLINK(1)"


def test_the_json_has_the_published_shape(client, two_records):
    (record,) = json.loads(downloaded(client, "/recommendations.json?stand=noted"))["recommendations"]
    assert record["code"] == "SVN-UPR-4-140.1"
    assert [text["is_machine"] for text in record["texts"]] == [False, True]


def test_the_order_of_a_twin_is_that_of_the_list(client, two_records):
    text = downloaded(client, "/recommendations.csv?by=stand").decode()
    assert [row["paragraph"] for row in csv.DictReader(io.StringIO(text))] == ["140.2", "140.1"]


def test_an_unknown_format_is_not_there(client):
    assert client.get("/recommendations.exe").status_code == 404


def test_only_the_download_of_a_person_who_is_signed_in_is_remembered(client, two_records):
    downloaded(client, "/recommendations.csv")
    assert not Event.objects.filter(action="register-exported").exists()
    client.force_login(make.user())
    downloaded(client, "/recommendations.csv?stand=noted")
    event = Event.objects.get(action="register-exported")
    assert json.loads(event.difference) == {"filter": "?stand=noted", "format": "csv", "records": 1}


EVERYTHING = (
    "?q=protect&body=UPR&review=UPR-4&year=2025&theme=-&group=-&sdg=-&stand=noted&kind=recommendation&language=en"
    "&recommending=-&country=SVN"
)


@pytest.mark.database
@pytest.mark.parametrize("query", ["", "?stand=noted", "?q=protect&theme=-", EVERYTHING])
def test_a_page_costs_the_same_number_of_questions_for_few_records_and_for_many(client, query):
    other = make.country("HRV", "Croatia")
    terms = [make.term(), make.term("Women", taxonomy="uhri-group"), make.term("16", taxonomy="sdg")]
    questions = []
    for number in (3, 31, 59):
        made = [make.recommendation("Protect them.", stand="noted", year=2025) for _each in range(number)]
        made[0].also_concerns.add(other)
        make.recommendation(country=other, review=None)
        Tagging.objects.create(recommendation=made[0], term=terms[number % 3])
        reindex([record.pk for record in made])
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS + query).context["listing"].page.paginator.count >= number - 1
        questions.append(len(captured))
    assert len(set(questions)) == 1
    assert questions[0] <= 25
