"""The register in the shape of UHRI's export: what our importer reads back is the same register."""

import json
import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.exchange.format import uhri
from servanda.recommendations.models import Recommendation
from servanda.sources.uhri.json_export import candidate
from tests import make
from tests.importing_make import bring, bring_document, uhri_record
from tests.importing_make import uhri as uhri_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]

UPR = {
    "Body": "- UPR",
    "Symbol": "A/HRC/59/15",
    "Countries": ["Slovenia"],
    "PublicationDate": "2025-06-20T00:00:00",
    "UprCycle": "Fourth cycle",
    "UprSession": ["49th Session"],
    "UprPositions": ["Noted"],
    "UprRecommendingCountry": ["Germany", "Côte d'Ivoire"],
    "Themes": ["Right to education", "Constitutional & legislative framework"],
    "Sdgs": ["16 - PEACE, JUSTICE AND STRONG INSTITUTIONS", "1.3 - Implement social protection systems"],
}


class Undone(Exception):
    pass


def body_of(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def exported(client, format: str = "json") -> bytes:
    return body_of(client.get(f"/exchange/uhri.{format}"))


def register() -> list[tuple]:
    rows = Recommendation.objects.public().order_by("code")
    return list(rows.values_list("code", "body__code", "paragraph", "kind", "stand", "document__symbol", "date"))


def read_back(client, format: str, *fill) -> None:
    """Fill an empty register, export it, empty it again, import the export, and compare."""
    try:
        with transaction.atomic():
            for step in fill:
                step()
            before, file, records = register(), exported(client, format), list(uhri.records("en"))
            raise Undone
    except Undone:
        assert len(before) == len(records) > 0
    assert not Recommendation.objects.exists()
    bring(file, f"export-full-en.{format}", publish=True)
    assert register() == before
    assert list(uhri.records("en")) == records


@pytest.mark.parametrize("format", ["json", "xlsx"])
def test_records_of_uhri_come_back_as_they_were(client, format):
    records = [uhri_record(1), uhri_record(2, **UPR, Text="38.7 Ratify the Convention."), uhri_record(3, Sdgs=[])]
    read_back(client, format, lambda: bring(uhri_file(*records), "uhri.json", publish=True))


def test_the_real_register_of_slovenia_comes_back_as_it_was(client):
    read_back(client, "json", lambda: bring_document("upr4-thematic-list.docx"), publish_all)


def publish_all() -> None:
    Recommendation.objects.update(is_published=True)


def test_the_export_changes_nothing_in_the_register_that_wrote_it(client):
    bring(uhri_file(uhri_record(1), uhri_record(2, **UPR, Text="38.7 Ratify it.")), "uhri.json", publish=True)
    before = register(), list(uhri.records("en"))
    bring(exported(client), "export-full-en.json", publish=True)
    assert (register(), list(uhri.records("en"))) == before


def test_the_keys_are_those_of_uhri(client):
    bring(uhri_file(uhri_record(1, **UPR, Text="38.7 Ratify it.")), "uhri.json", publish=True)
    [written] = json.loads(exported(client))
    assert written.keys() == uhri_record().keys()
    assert written["Sdgs"] == sorted(UPR["Sdgs"])
    for key in ("Body", "Symbol", "Countries", "UprCycle", "UprSession", "UprPositions", "PublicationDate"):
        assert written[key] == UPR[key], key
    assert set(written["UprRecommendingCountry"]) == set(UPR["UprRecommendingCountry"])
    assert set(written["Themes"]) == set(UPR["Themes"])


def test_only_ids_that_uhri_gave_are_in_the_export(client):
    make.recommendation("Ratify the Convention.", body=make.committee())
    [written] = json.loads(exported(client))
    assert (written["AnnotationId"], written["DocumentId"]) == ("", "")


def test_what_is_not_published_is_not_in_it(client):
    make.recommendation("Close the prison.", is_published=False, body=make.committee())
    assert json.loads(exported(client)) == []
    assert b"Close the prison" not in exported(client, "xlsx")


def test_the_language_can_be_chosen(client):
    record = make.recommendation("Ratify the Convention.", body=make.committee())
    record.texts.create(language="fr", text="Ratifier la Convention.", is_original=False)
    [written] = json.loads(body_of(client.get("/exchange/uhri.json?language=fr")))
    assert written["Text"].endswith("Ratifier la Convention.")
    [other] = json.loads(body_of(client.get("/exchange/uhri.json?language=zz%0D%0A")))
    assert other["Text"].endswith("Ratify the Convention.")
    assert client.get("/exchange/uhri.csv").status_code == 404


KINDS = st.sampled_from(list(uhri.KINDS))
STANDS = st.sampled_from(["", *uhri.POSITIONS])
SENTENCES = st.lists(
    st.sampled_from(
        ["adopt", "the", "law,", "protect", "12", "children;", "ensure", "rights", "of", "all", "&", "more"]
    ),
    min_size=3,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, stand=STANDS, words=SENTENCES, session=st.integers(1, 120), seed=st.integers())
def test_our_reader_reads_what_was_written(kind, stand, words, session, seed):
    """Without the database: a shape, its record, and the candidate that the reader of the importer makes of it."""
    paragraph = random.Random(seed).choice(["7", "12", "140.10", "6.1", "113(1)", "11 (a)"])
    shape = uhri.schemas.Recommendation.model_construct(
        code="A",
        kind=kind,
        country="SVN",
        also_concerns=[],
        body="UPR",
        stand=stand,
        review=uhri.schemas.Review(body="UPR", cycle=3, year=2019, session=session),
        paragraph=paragraph,
        document=uhri.schemas.Document(symbol="A/HRC/43/11", title="", date=None),
        date="2019-12-10",
        texts=[text(" ".join(words).capitalize())],
        labels=[],
        sources=[],
        recommending=["DEU"],
    )
    known = uhri.Names({"SVN": "Slovenia", "DEU": "Germany"}, frozenset({"UPR"}), {})
    read = candidate(uhri.record(shape, "en", known), "record 1", "")
    assert (read.kind, read.paragraph, read.session, read.cycle) == (kind, paragraph, session, 3)
    assert read.texts == {"": " ".join(words).capitalize()}
    assert (read.position.stand if read.position else "") == stand
    assert (read.countries, read.recommending, read.symbol) == (["Slovenia"], ["Germany"], "A/HRC/43/11")


def text(words: str) -> uhri.schemas.Text:
    return uhri.schemas.Text(language="en", form="full", text=words, is_original=True, is_machine=False, source="")
