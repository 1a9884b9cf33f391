import pytest
from django.urls import reverse
from django.utils import translation
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.trail.models import Event
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body, Country, CountryAlias
from servanda.vocab.services import editing
from servanda.vocab.services.loading import load_vocabulary
from tests import make

pytestmark = pytest.mark.django_db
ASEAN = {"code": "AICHR", "name_0": "ASEAN Commission", "kind": "commission", "system": "ASEAN", "aliases": ""}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def post(client, **fields):
    return client.post(reverse("vocab:add_body"), {**ASEAN, "symbol_pattern": "", **fields})


def test_a_body_added_on_a_page_is_known_to_imports_by_name_and_symbol(client, coordinator):
    make.country("PHL", "Philippines")
    aliases = "Intergovernmental Commission\n\nAICHR Commission"
    answer = post(client, symbol_pattern="AICHR/{ISO3}/{year}/{n}", try_symbol="AICHR/PHL/2024/3", aliases=aliases)
    assert answer.status_code == 302
    body = Body.objects.get(code="AICHR")
    assert (body.is_own, body.aliases) == (True, "Intergovernmental Commission\nAICHR Commission")
    lookup = Lookup()
    assert lookup.body("intergovernmental commission") == body.pk
    assert lookup.body_of_symbol("AICHR/PHL/2024/3") == (body.pk, "PHL")
    assert Event.objects.latest("sequence").action == "body-added"


def test_a_symbol_that_the_pattern_does_not_fit_is_told_before_anything_is_saved(client, coordinator):
    answer = post(client, symbol_pattern="AICHR/{ISO3}/{n}", try_symbol="AICHR/2024/PHL")
    assert answer.status_code == 422
    assert "The pattern does not match this symbol. Change the" in answer.context["form"].errors["try_symbol"][0]
    assert not Body.objects.filter(code="AICHR").exists()


@pytest.mark.parametrize(
    ("pattern", "mistake"),
    [
        ("AICHR/{iso}", "Use only these between braces: {ISO3} {n} {year} {any}"),
        ("AICHR/{9-2}", "Use only these between braces"),
        ("AICHR/{n", "Use only these between braces"),
        ("{any}", "Enter the letters that every symbol of this body begins"),
        ("A/{n}", "Enter the letters that every symbol of this body begins"),
        ("AICHR/{n}|", "Enter the letters that every symbol of this body begins"),
        ("AICHR/{any}/{any}", "at most once each, and no more than six placeholders."),
        ("AICHR/{ISO3}/{ISO3}", "at most once each, and no more than six placeholders."),
        ("AICHR/" + "/".join(["{n}"] * 7), "six placeholders"),
        ("AICHR/{n}{n}", "between two placeholders"),
    ],
)
def test_a_pattern_that_could_swallow_every_symbol_or_slow_imports_down_is_refused(
    client, coordinator, pattern, mistake
):
    answer = post(client, symbol_pattern=pattern)
    assert mistake in answer.context["form"].errors["symbol_pattern"][0]


def test_a_number_can_be_held_within_a_range(client, coordinator):
    post(client, symbol_pattern="AICHR/{2-18}/{n}")
    lookup = Lookup()
    body = Body.objects.get(code="AICHR").pk
    assert [lookup.body_of_symbol(f"AICHR/{number}/1")[0] for number in (1, 2, 18, 19, 180)] == [
        None,
        body,
        body,
        None,
        None,
    ]


def test_signs_of_regular_expressions_stand_for_themselves(client, coordinator):
    post(client, symbol_pattern="(AICHR+)+/{n}")
    lookup = Lookup()
    assert lookup.body_of_symbol("(AICHR+)+/7")[0] == Body.objects.get(code="AICHR").pk
    assert lookup.body_of_symbol("AICHRRRR/7") == (None, "")


@pytest.mark.parametrize("code", ["A", "1CHR", "AICHR 2", "AICHR/2", "a" * 21, "لجنة"])
def test_a_code_that_reference_codes_cannot_carry_is_refused(client, coordinator, code):
    assert "code" in post(client, code=code).context["form"].errors


def test_two_bodies_do_not_share_a_code_in_other_capitals(client, coordinator):
    post(client)
    assert "already" in post(client, code="aichr").context["form"].errors["code"][0]


def test_a_body_of_the_product_in_other_words_stays_so_when_the_vocabulary_is_loaded_again(client, coordinator):
    load_vocabulary()
    body = Body.objects.get(code="CPT")
    page = client.get(reverse("vocab:edit_body", args=[body.pk]))
    assert "code" not in page.context["form"].fields
    locales = page.context["form"].fields["name"].locales
    names = {f"name_{number}": body.name.data.get(language, "") for number, language in enumerate(locales)}
    posted = {**names, "name_0": "Committee for the Prevention of Torture", "kind": body.kind, "system": body.system}
    posted |= {"symbol_pattern": body.symbol_pattern, "aliases": body.aliases, "seen": editing.mark_of(body)}
    assert client.post(reverse("vocab:edit_body", args=[body.pk]), posted).status_code == 302
    load_vocabulary()
    body.refresh_from_db()
    assert body.name.data["en"] == "Committee for the Prevention of Torture"
    difference = Event.objects.filter(action="body-edited").get().difference
    assert "European Committee for the Prevention of Torture" in difference


def test_the_second_of_two_people_who_edit_a_body_is_told_and_loses_nothing(client, coordinator):
    body = make.body("AICHR", Body.Kind.COMMISSION)
    address = reverse("vocab:edit_body", args=[body.pk])
    posted = {**ASEAN, "symbol_pattern": "AICHR/{n}", "seen": editing.mark_of(body)}
    Body.objects.filter(pk=body.pk).update(system="ASEAN, Jakarta")
    answer = client.post(address, posted)
    assert "Another user changed this while you were editing. Your" in answer.content.decode()
    assert answer.context["form"]["symbol_pattern"].value() == "AICHR/{n}"
    body.refresh_from_db()
    assert (body.system, body.symbol_pattern) == ("ASEAN, Jakarta", "")
    again = client.post(address, {**posted, "seen": answer.context["form"]["seen"].value()})
    assert again.status_code == 302
    body.refresh_from_db()
    assert (body.system, body.symbol_pattern) == ("ASEAN", "AICHR/{n}")


def test_a_symbol_is_tried_without_saving_anything(client, coordinator):
    make.country("PHL", "Philippines")
    page = post(client, name_0="", symbol_pattern="AICHR/{ISO3}/{n}", try_symbol="AICHR/PHL/3", **{"try": ""})
    assert (page.status_code, page.context["form"].errors) == (200, {})
    assert [word for word in ("AICHR/PHL/3", "Philippines") if word not in page.context["tried"]] == []
    assert page.context["tried"] in page.content.decode()
    assert not Body.objects.filter(code="AICHR").exists()


def test_a_trial_without_a_state_in_the_pattern_says_so(client, coordinator):
    page = post(client, symbol_pattern="AICHR/{n}", try_symbol="AICHR/3", **{"try": ""})
    tried = page.context["tried"]
    assert "AICHR/3" in tried
    assert "Philippines" not in tried
    assert tried in page.content.decode()


def test_a_trial_tells_that_another_body_takes_such_symbols_first(client, coordinator):
    load_vocabulary()
    page = post(client, symbol_pattern="A/HRC/{n}/{n}", try_symbol="A/HRC/59/15", **{"try": ""})
    assert "UPR" in page.context["tried"]
    assert page.context["tried"] in page.content.decode()


def test_a_trial_needs_a_pattern_and_a_symbol(client, coordinator):
    page = post(client, try_symbol="AICHR/3", **{"try": ""})
    assert "Enter a pattern and a symbol first." in page.content.decode()


def test_every_body_of_the_product_can_be_opened_and_saved_as_it_is(client, coordinator):
    load_vocabulary()
    for body in Body.objects.exclude(symbol_pattern=""):
        page = client.get(reverse("vocab:edit_body", args=[body.pk])).context["form"]
        names = {
            f"name_{number}": body.name.data.get(language, "")
            for number, language in enumerate(page.fields["name"].locales)
        }
        short = body.short_name.data or {}
        for number, language in enumerate(page.fields["short_name"].locales):
            names[f"short_name_{number}"] = short.get(language, "")
        posted = {**names, "kind": body.kind, "system": body.system, "aliases": body.aliases}
        posted |= {"symbol_pattern": body.symbol_pattern, "seen": editing.mark_of(body)}
        posted |= {"assesses": "on"} if body.assesses else {}
        assert client.post(reverse("vocab:edit_body", args=[body.pk]), posted).status_code == 302, body.code
    assert not Body.objects.filter(is_own=True).exists()


def test_a_body_in_use_stays_and_one_of_the_product_always(client, coordinator):
    name = LazyI18nString({"en": "ASEAN Commission"})
    fields = {"kind": Body.Kind.COMMISSION, "system": "ASEAN", "symbol_pattern": "", "aliases": "", "assesses": False}
    fields["short_name"] = LazyI18nString({})
    own = editing.add_body(code="AICHR", name=name, **fields, by=coordinator)
    used = make.recommendation(body=own)
    with pytest.raises(Refused, match="it is used in"):
        editing.delete_body(body=own, by=coordinator)
    with pytest.raises(Refused, match="comes with Servanda"):
        editing.delete_body(body=make.body("UPR"), by=coordinator)
    address = reverse("vocab:delete_body", args=[own.pk])
    client.post(address)
    assert Body.objects.filter(pk=own.pk).exists()
    review = used.review
    used.texts.all().delete()
    used.delete()
    review.delete()
    client.post(address)
    assert not Body.objects.filter(pk=own.pk).exists()


def test_a_spelling_added_on_a_page_is_known_to_imports(client, coordinator):
    slovenia = make.country()
    address = reverse("vocab:add_spelling")
    assert client.get(address, {"name": "Slovenija "}).context["form"]["name"].value() == "Slovenija "
    client.post(address, {"country": slovenia.pk, "name": " Republika   Slovenija"})
    assert CountryAlias.objects.get().name == "Republika Slovenija"
    assert Lookup().country("REPUBLIKA SLOVENIJA*") == slovenia.pk


@pytest.mark.parametrize("name", ["Republika Slovenija", "republika slovenija", "***", " "])
def test_a_spelling_that_is_taken_or_says_nothing_is_refused(client, coordinator, name):
    CountryAlias.objects.create(country=make.country(), name="Republika Slovenija")
    other = Country.objects.create(code="HRV", name="Croatia")
    answer = client.post(reverse("vocab:add_spelling"), {"country": other.pk, "name": name})
    assert "name" in answer.context["form"].errors
    assert CountryAlias.objects.count() == 1


def test_the_list_of_bodies_costs_the_same_for_one_and_for_forty(client, django_assert_num_queries):
    client.force_login(make.user(Role.READER))
    make.body()
    client.get(reverse("vocab:bodies"))
    for _round in range(2):
        with django_assert_num_queries(5):
            client.get(reverse("vocab:bodies"))
        for number in range(40):
            make.body(f"B{number}")


def test_a_spelling_that_is_the_name_of_another_state_is_refused(client, coordinator):
    make.country("AUT", "Austria")
    australia = make.country("AUS", "Australia")
    answer = client.post(reverse("vocab:add_spelling"), {"country": australia.pk, "name": "AUSTRIA"})
    assert "already belongs to Austria" in answer.context["form"].errors["name"][0]
    assert not CountryAlias.objects.exists()


def test_a_short_name_is_shown_in_its_language_and_the_code_in_all_others(client, coordinator):
    names = {"name_0": "African Commission", "short_name_2": "CADHP"}  # the third language of the pages is French
    assert post(client, **names).status_code == 302
    body = Body.objects.get(code="AICHR")
    with translation.override("fr"):
        assert str(body.short) == "CADHP"
    with translation.override("es"):
        assert str(body.short) == "AICHR"
    assert Lookup().body("cadhp") == body.pk


def test_saving_a_body_without_a_short_name_changes_nothing(client, coordinator):
    load_vocabulary()
    body = Body.objects.get(code="CPT")
    kept = {"kind": body.kind, "system": body.system, "symbol_pattern": body.symbol_pattern}
    kept |= {"aliases": body.aliases, "assesses": body.assesses, "name": body.name}
    saved = editing.edit_body(
        body=body, short_name=LazyI18nString({}), seen=editing.mark_of(body), by=make.user(), **kept
    )
    assert not saved.is_own


def test_forms_offer_no_bodies_of_regions_that_the_state_does_not_belong_to(client, coordinator):
    load_vocabulary()
    Instance.objects.create(pk=1, state_code="SVN", regional_systems="CoE")
    Body.objects.filter(code="ACERWC").update(is_own=True)  # changed on the pages of the vocabulary
    offered = set(Body.objects.offered(also=["IACHR"]).values_list("code", flat=True))
    assert {"UPR", "CRC", "ECRI", "ACERWC", "IACHR", "ILO-CEACR"} <= offered
    assert offered.isdisjoint({"IACtHR", "ACHPR", "ACHR-C"})
    form = client.get(reverse("desk:create_recommendation")).content.decode()
    assert "European Commission against Racism" in form
    assert "Inter-American Court" not in form
    assert "Bodies of other regional systems are not offered." in form
    in_list = {body.code for body in Body.objects.all() if body.is_offered}
    assert in_list == set(Body.objects.offered().values_list("code", flat=True))
    listed = client.get(reverse("vocab:bodies")).content.decode()
    assert listed.count("not offered in forms") == Body.objects.count() - len(offered) + 1
    assert Lookup().body("Inter-American Court of Human Rights") is not None
    Instance.objects.update(regional_systems="OAS,AU,CoE,LAS")
    assert "Bodies of other" not in client.get(reverse("desk:create_recommendation")).content.decode()


@pytest.mark.parametrize(
    ("code", "language", "short_name"),
    [
        ("CCPR", "fr", "Comité des droits de l’homme"),
        ("CCPR", "ar", "اللجنة المعنية بحقوق الإنسان"),
        ("ACHPR", "fr", "CADHP"),
        ("ECSR", "es", "CEDS"),
        ("ILO-CEACR", "pt", "OIT-CEACR"),
        ("CCPR", "en", "CCPR"),
        ("ACHPR", "en", "ACHPR"),
    ],
)
def test_bodies_have_the_short_names_of_each_language(vocabulary, code, language, short_name):
    with translation.override(language):
        assert str(Body.objects.get(code=code).short) == short_name
