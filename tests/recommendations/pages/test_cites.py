"""The general comments that a record cites stand on its page, each with the way to the records that name it too."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from lxml import html

from servanda.people.access import Role
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import TextVersion
from servanda.sources.models import Document
from tests import make
from tests.once import built_once

CITING = "Recalling the Human Rights Committee’s general comment No. 36 (2018), limit the use of force."


@built_once
def record():
    return make.recommendation(CITING)


def cites(client, name: str, record) -> list:
    answer = client.get(reverse(name, args=[record.code]))
    return html.fromstring(answer.content).xpath('//section[@id="cites"]//a')


def words(link) -> str:
    return " ".join(link.text_content().split())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["portal:recommendation", "desk:record"])
def test_what_a_record_cites_stands_on_its_page(client, record, name):
    if name.startswith("desk"):
        make.signed_in(client, Role.COORDINATOR)
    assert [words(link) for link in cites(client, name, record)] == ["General comment No. 36 (2018) · CCPR"]
    assert cites(client, name, make.recommendation("Limit the use of force.")) == []


@pytest.mark.django_db
def test_it_leads_to_the_records_that_name_it_in_any_language_and_to_its_document(client, record):
    spanish = make.recommendation("Recordando la observación general núm. 36, limitar la fuerza.", language="es")
    own = Document.objects.create(symbol="CCPR/C/GC/36")
    paragraph = make.recommendation("Deprivation of life involves harm.", document=own)
    hidden = make.recommendation(f"{CITING} Again.", is_published=False)
    other = make.recommendation("Recalling general comment No. 35, release people. See paragraph 36.")
    several = make.recommendation("In line with its general comments Nos. 36 (2018) and 37 (2020), it urges.")
    reindex([each.pk for each in (record, spanish, paragraph, hidden, other, several)])
    (link,) = cites(client, "portal:recommendation", record)
    assert urlsplit(link.get("href")).path == reverse("portal:register")
    found = {row.record.code for row in client.get(link.get("href")).context["listing"].rows()}
    assert found == {record.code, spanish.code, paragraph.code, several.code}


@pytest.mark.django_db
def test_texts_in_several_languages_tell_of_one_general_comment_once(client, record):
    french = "Rappelant l’observation générale no 36, limiter l’usage de la force."
    TextVersion.objects.create(recommendation=record, language="fr", text=french)
    assert [words(link) for link in cites(client, "portal:recommendation", record)] == [
        "General comment No. 36 (2018) · CCPR"
    ]


@pytest.mark.django_db
def test_a_committee_that_names_nobody_speaks_of_its_own(client):
    document = Document.objects.create(symbol="CEDAW/C/SVN/CO/7")
    record = make.recommendation(
        "In line with its general recommendation No. 35 (2017), it urges.", document=document
    )
    record.body = make.body("CEDAW")
    record.save()
    (link,) = cites(client, "portal:recommendation", record)
    assert words(link) == "General recommendation No. 35 (2017) · CEDAW"
    assert '"CEDAW/C/GC/35"' in parse_qs(urlsplit(link.get("href")).query)["q"][0]
