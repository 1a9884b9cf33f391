"""One search for everything, which finds for each person what their pages show them and nothing else."""

from itertools import product

import pytest
from django.template.backends.django import Template
from django.urls import resolve, reverse
from django.utils import translation

from servanda.desk.search.commands import COMMANDS, PAGES, offered
from servanda.people.access import ROLES, Can, Role
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, SavedView
from servanda.recommendations.search.encoding import encode_missing
from servanda.sources.models import Document
from servanda.vocab.models import Body, Taxonomy, Term
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, LOGGED_IN
from tests.house.kinds import KINDS, ROLE_OF, granted
from tests.house.test_addresses import expected

pytestmark = pytest.mark.django_db
ODD = ["", " ", "\0", "a\0b", '"', '"" -', "-x", "%", "\\", "NEAR(", "人权", "ال", "é" * 900, "'", "a " * 99]


def record(text: str = "Protect the rights of every person.", **fields):
    made = make.recommendation(text, **fields)
    reindex([made.pk])
    return made


def term(labels: dict[str, str]) -> Term:
    taxonomy = Taxonomy.objects.create(code="national-plan", name="National plan")
    return Term.objects.create(taxonomy=taxonomy, code="health", label=labels)


def found(client, words: str, page: str = "desk:search") -> dict[str, list[str]]:
    groups = client.get(reverse(page), {"q": words}).context["groups"]
    return {group.key: [str(hit.label) for hit in group.hits] for group in groups}


@pytest.fixture
def reader(client):
    return make.signed_in(
        client, Role.READER, name="Rita", institution=make.institution("health", name="Ministry of Health")
    )


@pytest.mark.parametrize("typed", ["{code}", "  {code} ", "{lower}"])
def test_an_exact_reference_leads(client, reader, typed):
    target = record()
    groups = found(client, typed.format(code=target.code, lower=target.code.lower()))
    assert (next(iter(groups)), groups["exact"]) == ("exact", [target.code])


@pytest.mark.database
def test_an_exact_symbol_leads_and_longer_ones_follow(client, reader):
    record(document=Document.objects.create(symbol="CRC/C/SVN/CO/3"))
    record(document=Document.objects.create(symbol="CRC/C/SVN/CO/3/Add.1"))
    groups = found(client, "crc/c/svn/co/3")
    assert groups["exact"] == ["CRC/C/SVN/CO/3"]
    assert groups["documents"] == ["CRC/C/SVN/CO/3/Add.1"]


def test_the_link_of_a_document_leads_to_its_records(client, reader):
    target = record(document=Document.objects.create(symbol="CRC/C/SVN/CO/3"))
    record()
    groups = client.get(reverse("desk:search"), {"q": "CRC/C/SVN/CO/3"}).context["groups"]
    assert target.code in client.get(groups[0].hits[0].url).content.decode()


def test_words_find_the_first_eight_records_and_a_link_to_all(client, reader):
    for _number in range(10):
        record("Protect the children.")
    groups = client.get(reverse("desk:search"), {"q": "child"}).context["groups"]
    records = next(group for group in groups if group.key == "records")
    assert len(records.hits) == 8
    assert client.get(records.more_url).context["listing"].page.paginator.count == 10


def test_each_kind_of_thing_is_found(client, reader):
    record()
    make.user(Role.FOCAL_POINT, name="Helena Primer", institution=make.institution("health"))
    Body.objects.create(code="CRPD", name={"en": "Committee on health care"}, kind="treaty-body", system="UN")
    make.term("Right to health")
    SavedView.objects.create(owner=reader, name="My health list", query="?q=health")
    groups = found(client, "HEALTH")
    assert groups["institutions"] == ["Ministry of Health"]
    assert groups["bodies"] == ["Committee on health care"]
    assert groups["terms"] == ["Right to health"]
    assert groups["saved"] == ["My health list"]
    assert found(client, "helena")["people"] == ["Helena Primer"]
    assert found(client, "overview")["pages"] == ["Overview"]


def test_terms_are_found_in_every_language_that_they_have(client, reader):
    term({"en": "Right to health", "ar": "الحق في الصحة", "fr": "Droit à la santé"})
    assert found(client, "الصحة")["terms"] == found(client, "SANTÉ")["terms"] == ["Right to health"]


def test_a_code_of_a_language_is_no_word_of_a_term(client, reader):
    term({"en": "Right to health", "fr": "Droit à la santé"})
    assert "terms" not in found(client, "fr")


def test_the_lists_of_somebody_else_are_not_found(client, reader):
    SavedView.objects.create(owner=make.user(), name="Zorbatrix", query="?q=health")
    assert found(client, "zorbatrix") == {}


def test_a_record_and_its_document_are_there_for_those_who_may_see_the_record(client, reader):
    hidden = record(
        "Protect the zorbatrix.",
        confidentiality="restricted",
        document=Document.objects.create(symbol="ZZZ/1", title="Zorbatrix"),
    )
    for words in (hidden.code, "zorbatrix", "ZZZ/1"):
        assert not {"exact", "records", "documents"} & set(found(client, words))
    hidden.restricted_to.add(make.institution("health"))
    assert found(client, hidden.code)["exact"] == [hidden.code]
    assert found(client, "ZZZ/1")["exact"] == ["ZZZ/1"]


def test_everybody_finds_what_is_public_and_no_more(client):
    client.force_login(make.user(Role.ADMINISTRATOR))
    shown, hidden = record("Protect the zorbatrix."), record("Protect the zorbatrix too.", is_published=False)
    make.institution("zorbatrix")
    make.user(name="Zorbatrix")
    groups = found(client, "zorbatrix", "portal:search")
    assert groups == {"records": [shown.code]}
    assert "exact" not in found(client, hidden.code, "portal:search")


def test_a_contributor_finds_no_institution_and_nobody(client):
    client.force_login(make.user(Role.CONTRIBUTOR, institution=make.institution("zorbatrix")))
    make.user(Role.FOCAL_POINT, name="Zorbatrix", institution=make.institution("zorbatrix"))
    assert found(client, "zorbatrix") == {}


def test_who_a_contributor_is_stays_unknown_to_who_may_not_know(client, reader):
    make.user(Role.CONTRIBUTOR, name="Zorbatrix")
    assert found(client, "zorbatrix") == {}


def test_an_address_finds_a_person_only_for_those_who_manage_people(client, reader):
    make.user(Role.FOCAL_POINT, name="Helena", email="helena@zorbatrix.example")
    assert found(client, "zorbatrix") == {}
    client.force_login(make.user(Role.COORDINATOR))
    assert found(client, "zorbatrix")["people"] == ["Helena"]


@pytest.mark.parametrize("page", ["desk:search", "portal:search"])
def test_odd_words_are_answered(client, reader, page):
    record()
    for odd, headers in product(ODD, ({}, {"hx-request": "true"})):
        assert client.get(reverse(page), {"q": odd}, headers=headers).status_code == 200, odd


def test_markup_in_words_stays_text(client, reader):
    page = client.get(reverse("desk:search"), {"q": "<b>x</b>"}).content.decode()
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


@pytest.mark.database
def test_words_that_nothing_has_are_answered_with_those_that_may_be_meant_and_are_there_to_see(client):
    record("Reduce overcrowding in prisons.")
    record("Zorbatrix", confidentiality="internal")
    page = client.get(reverse("portal:search"), {"q": "overcroding prisons"})
    assert 'Did you mean: <a href="?q=overcrowding%20prisons">' in " ".join(page.content.decode().split())
    assert "Did you mean" not in client.get(reverse("portal:search"), {"q": "zorbatrx"}).content.decode()
    make.signed_in(client, Role.COORDINATOR)
    assert client.get(reverse("desk:search"), {"q": "zorbatrx"}).context["better"] == "zorbatrix"
    assert "Did you mean" not in client.get(reverse("desk:search"), {"q": "zorbatrix"}).content.decode()


@pytest.mark.parametrize(("page", "most"), [("desk:search", 40), ("portal:search", 30)])
def test_a_search_costs_the_same_for_few_and_for_many(client, page, most, django_assert_max_num_queries):
    client.force_login(make.user(Role.COORDINATOR))

    def things(number: int) -> None:
        record("Protect health.", document=Document.objects.create(symbol=f"HEALTH/{number}"))
        make.institution(f"health{number}")
        make.term(f"Health {number}")
        make.user(Role.FOCAL_POINT, name=f"Health {number}", institution=make.institution("health0"))

    things(0)
    with django_assert_max_num_queries(most) as few:
        client.get(reverse(page), {"q": "health"})
    for number in range(1, 12):
        things(number)
    with django_assert_max_num_queries(len(few)):
        answer = client.get(reverse(page), {"q": "health"})
    assert all(len(group.hits) <= 8 for group in answer.context["groups"])


def test_the_palette_offers_each_person_only_pages_that_open_for_them():
    for command in [*COMMANDS, *PAGES]:
        if command.page.startswith("account_") or command.query:
            continue
        who = ADDRESSES[command.page].who
        assert who == command.needs or (command.needs is None and who in (EVERYBODY, LOGGED_IN)), command.page


# What names no thing opens for all of one role (tests/house/test_addresses.py).
OF_EACH_ROLE = {ROLE_OF[kind]: kind for kind in reversed(KINDS) if Can.USE_DESK in granted(kind, ROLES)}.values()


@pytest.mark.slow
def test_what_the_palette_offers_opens(client, monkeypatch):
    """Without a query it is opened by the first who is offered it: for the others it opens as the table says."""
    opened = set()
    for kind in OF_EACH_ROLE:
        client.force_login(KINDS[kind]())
        groups = client.get(reverse("desk:palette")).context["groups"]
        urls = {hit.url for group in groups for hit in group.hits}
        assert len(urls) > 10
        assert [url for url in urls if "?" in url and not opens(client, url)] == []
        plain = {url for url in urls if "?" not in url}
        with monkeypatch.context() as patched:
            # They are drawn for each role in tests/house/test_addresses.py: here the view decides.
            patched.setattr(Template, "render", lambda *_drawn, **_with: "")
            to_open = {url for url in plain if url not in opened or not opens_as_the_table_says(url, kind)}
            assert [url for url in to_open if not opens(client, url)] == []
        opened |= plain


def opens_as_the_table_says(url: str, kind: str) -> bool:
    match = resolve(url)
    name = f"{match.view_name}@{match.kwargs['kind']}" if "kind" in match.kwargs else match.view_name
    return name in ADDRESSES and expected(name, ADDRESSES[name], "GET", kind) == "ok"


COORDINATORS = ["Open a round", "Import a file", "Assign institutions", "New cluster", "Add a record"]


@pytest.mark.parametrize(
    ("role", "is_there"), [(Role.COORDINATOR, True), (Role.READER, False), (Role.FOCAL_POINT, False)]
)
def test_a_command_is_there_for_those_who_may_use_it(client, role, is_there):
    make.signed_in(client, role, institution=make.institution("health"))
    palette = client.get(reverse("desk:palette")).content.decode()
    for label in COORDINATORS:
        assert (label in found(client, label).get("commands", [])) == is_there, label
        assert (label in palette) == is_there, label


def test_assigning_leads_to_the_records_without_a_lead(client):
    make.signed_in(client, Role.COORDINATOR)
    waiting, led = make.recommendation(), make.recommendation()
    make.assignment(led, make.institution("health"))
    [hit] = offered(COMMANDS, client.get(reverse("desk:search")).wsgi_request.user, ["assign", "institutions"])
    page = client.get(hit.url).content.decode()
    assert waiting.code in page
    assert led.code not in page


@pytest.mark.parametrize(
    ("language", "typed", "label"),
    [
        ("en", "new round", "Open a round"),
        ("en", "upload", "Import a file"),
        ("en", "lead institution", "Assign institutions"),
        ("es", "accion", "Nueva acción"),
        ("fr", "televerser", "Importer un fichier"),
        ("pt", "nova ronda", "Abrir uma ronda"),
        ("ar", "جولة جديدة", "فتح جولة طلبات"),
    ],
)
def test_commands_are_found_by_other_words_in_the_language_of_the_pages(client, language, typed, label):
    make.signed_in(client, Role.COORDINATOR)
    client.get("/", headers={"accept-language": language})
    groups = client.get(reverse("desk:search"), {"q": typed}, headers={"accept-language": language}).context["groups"]
    assert groups[0].key == "commands"
    with translation.override(language):
        assert str(groups[0].hits[0].label) == label


def test_commands_come_before_what_is_found(client):
    make.signed_in(client, Role.COORDINATOR)
    record("Open a round of talks on the action plan.")
    assert [*found(client, "open a round")][:2] == ["commands", "records"]
    labels = found(client, "new")["commands"]
    assert labels[0].startswith("New ")


def test_before_anything_is_typed_the_page_of_the_search_offers_what_was_opened_and_commands(client):
    make.signed_in(client, Role.COORDINATOR)
    target = record("Protect the zorbatrix.")
    client.get(reverse("desk:record", args=[target.code]))
    page = client.get(reverse("desk:search"))
    assert [group.key for group in page.context["groups"]] == ["opened", "commands", "pages"]
    text = page.content.decode()
    assert text.index("Protect the zorbatrix.") < text.index(reverse("desk:open_round"))


def test_after_logging_out_nothing_of_what_was_opened_is_left(client):
    make.signed_in(client, Role.COORDINATOR)
    target = record("Protect the zorbatrix.", confidentiality="restricted")
    client.get(reverse("desk:record", args=[target.code]))
    assert target.code in client.get(reverse("desk:palette")).content.decode()
    client.post(reverse("account_logout"))
    assert client.get(reverse("desk:palette")).status_code != 200
    assert target.code not in client.get(reverse("portal:palette")).content.decode()
    make.signed_in(client, Role.READER)
    assert target.code not in client.get(reverse("desk:palette")).content.decode()


def opens(client, url: str) -> bool:
    """At once, or beneath: whoever answers for an institution is led on to its own page of follow-up."""
    answer = client.get(url, follow=True)
    return answer.status_code == 200 and all(address.startswith(url) for address, _status in answer.redirect_chain)


def test_every_page_has_the_one_search_box(client, reader):
    page = client.get(reverse("portal:about")).content.decode()
    assert f'action="{reverse("desk:search")}"' in page
    client.logout()
    assert f'action="{reverse("portal:search")}"' in client.get(reverse("portal:about")).content.decode()


def test_a_sentence_finds_what_means_the_same_in_another_language_and_nothing_hidden(client, reader):
    shown, hidden = record("Give Roma settlements safe drinking water."), record("Provide drinking water to Roma.")
    record("Prevent torture in police custody.")
    Recommendation.objects.filter(pk=hidden.pk).update(confidentiality="restricted")
    encode_missing()
    assert found(client, "agua potable segura para los asentamientos romaníes")["records"] == [shown.code]


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("peers", "Directory of peers"),
        ("registers", "Search the registers of other mechanisms"),
        ("registers", "Compare registers"),
        ("other mechanisms", "Records of other mechanisms"),
    ],
)
def test_the_registers_of_other_mechanisms_are_found(client, reader, words, label):
    groups = found(client, words)
    assert label in groups["pages"]
    assert "Peers" not in groups["pages"]
