import json

import pytest
from django.utils import translation

from servanda.sources.upr import thematic_list
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Body, Country, CountryAlias, Crosswalk, Taxonomy, Term, UprSession
from servanda.vocab.provenance import SOURCES
from servanda.vocab.services.loading import load_vocabulary
from tests.paths import SLOVENIA

pytestmark = pytest.mark.django_db
TRANSLATED = ["uhri-theme", "uhri-group", "upr-theme", "upr-info-issue", "action-category", "sdg"]


def terms(taxonomy: str):
    return Term.objects.filter(taxonomy__code=taxonomy)


def test_the_first_load_brings_the_vocabulary_of_this_version(vocabulary):
    assert (Country.objects.count(), terms("uhri-theme").count(), terms("uhri-group").count()) == (199, 100, 35)
    goals = terms("sdg").filter(parent=None)
    assert (goals.count(), terms("sdg").exclude(parent=None).count()) == (17, 169)
    assert terms("upr-info-issue").count() == 54
    assert [term.code for term in terms("action-category")] == ["1", "2", "3", "4", "5"]


def test_a_second_load_changes_nothing(vocabulary):
    assert not +load_vocabulary()


def test_what_was_added_or_taken_over_here_stays(vocabulary):
    own = Taxonomy.objects.create(code="plan", name={"fr": "Plan d’action"}, is_own=True)
    Term.objects.create(taxonomy=own, code="1", label={"fr": "Axe 1"})
    Body.objects.filter(code="UPR").update(name={"en": "UPR, as we call it"}, is_own=True)
    Taxonomy.objects.filter(code="uhri-theme").update(name={"en": "Themes"}, is_own=True)
    terms("uhri-theme").filter(code="right-to-food").update(label={"sl": "Pravica do hrane"}, is_own=True)
    load_vocabulary()
    assert str(Body.objects.get(code="UPR").name) == "UPR, as we call it"
    assert str(Taxonomy.objects.get(code="uhri-theme").name) == "Themes"
    assert terms("uhri-theme").get(code="right-to-food").label.data == {"sl": "Pravica do hrane"}
    assert own.terms.count() == 1


def test_a_row_that_was_changed_by_accident_is_mended(vocabulary):
    terms("uhri-theme").filter(code="right-to-food").update(label={"en": "Right to fod"})
    Country.objects.filter(code="SVN").update(name={"en": "Slovnia"})
    assert +load_vocabulary() == {"terms ~": 1, "countries ~": 1}
    assert Country.objects.get(code="SVN").name.data["ar"] == "سلوفينيا"


def test_a_spelling_added_here_stays(vocabulary):
    CountryAlias.objects.create(name="Slovenija", country=Country.objects.get(code="SVN"))
    load_vocabulary()
    assert CountryAlias.objects.get(name="Slovenija").country.code == "SVN"


def test_every_country_has_a_name_in_the_six_languages_of_the_un_and_portuguese(vocabulary):
    wanted = {"en", "es", "fr", "pt", "ar", "ru", "zh"}
    assert [country.code for country in Country.objects.all() if wanted - country.name.data.keys()] == []


@pytest.mark.parametrize("taxonomy", TRANSLATED)
def test_every_label_has_the_five_languages_of_the_pages(vocabulary, taxonomy):
    wanted = {"en", "es", "fr", "pt", "ar"}
    assert [term.code for term in terms(taxonomy) if wanted - term.label.data.keys()] == []


def test_every_body_has_a_name_in_the_five_languages_of_the_pages(vocabulary):
    wanted = {"en", "es", "fr", "pt", "ar"}
    assert [body.code for body in Body.objects.all() if wanted - body.name.data.keys()] == []


def test_no_label_stands_for_two_terms_of_a_taxonomy(vocabulary):
    for taxonomy in Taxonomy.objects.all():
        labels = [label for term in taxonomy.terms.all() for label in [term.label.data["en"].casefold()]]
        assert len(labels) == len(set(labels)), taxonomy


def test_only_the_theme_reservations_is_an_artefact(vocabulary):
    assert [term.code for term in Term.objects.filter(is_artefact=True)] == ["reservations"]


def test_sessions_of_the_upr_know_their_cycle(vocabulary):
    cycles = dict(UprSession.objects.values_list("number", "cycle"))
    assert [cycles[number] for number in (1, 12, 13, 26, 27, 40, 41)] == [1, 1, 2, 2, 3, 3, 4]


def test_crosswalks_lead_from_todays_themes_to_the_older_code(vocabulary):
    walk = Crosswalk.objects.get(from_term__code="racial-discrimination")
    assert (walk.to_term.code, walk.to_term.taxonomy.code, walk.relation) == ("B32", "upr-theme", "exact")
    assert set(Crosswalk.objects.values_list("from_term__taxonomy__code", "to_term__taxonomy__code")) == {
        ("uhri-theme", "upr-theme")
    }


def test_terms_of_a_crosswalk_that_mean_the_same_are_met_once_on_each_side(vocabulary):
    exact = Crosswalk.objects.filter(relation="exact")
    assert exact.values("from_term").distinct().count() == exact.values("to_term").distinct().count() == exact.count()


def test_no_label_of_the_slovenian_lists_is_lost(vocabulary):
    lookup = Lookup()
    lists = sorted(SLOVENIA.glob("*thematic-list.docx"))
    found = [candidate for path in lists for candidate in thematic_list.read(path)]
    assert len(found) == 632
    unknown = {
        (label.scheme, label.text)
        for candidate in found
        for label in candidate.labels
        if lookup.terms_named(label.scheme, label.text) is None
    }
    assert unknown == set()


def test_every_label_of_the_full_uhri_export_resolves(vocabulary, shared_data):
    known = json.loads((shared_data / "taxonomies" / "uhri_vocab.json").read_text(encoding="utf-8"))
    lookup = Lookup()
    themes = [lookup.terms_named("uhri-theme", theme["label"]) for theme in known["themes"]]
    groups = [lookup.terms_named("uhri-group", group["label"]) for group in known["affected_persons"]]
    bodies = [lookup.body(body["label"]) for body in known["bodies"]]
    assert (len(set(themes)), len(set(groups)), len(set(bodies))) == (100, 35, 70)
    assert None not in {*themes, *groups, *bodies}


def test_every_id_that_was_paired_with_a_label_resolves_to_it(vocabulary, shared_data):
    known = json.loads((shared_data / "taxonomies" / "uhri_vocab.json").read_text(encoding="utf-8"))
    lookup = Lookup()
    for scheme, key in (("uhri-theme", "themes"), ("uhri-group", "affected_persons")):
        for entry in known[key]:
            if entry["inferred_id"]:
                by_id = lookup.terms_named(f"{scheme}-id", entry["inferred_id"])
                assert by_id == lookup.terms_named(scheme, entry["label"]), entry["label"]
    for iso3, entry in known["countries_inferred_ids"].items():
        assert lookup.country_codes[lookup.country(entry["id"])] == iso3


def test_every_goal_and_target_of_uhri_resolves_by_label_and_by_id(vocabulary, shared_data):
    lookup = Lookup()
    lines = (shared_data / "taxonomies" / "uhri_sdg_list_en.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    by_label = [lookup.terms_named("sdg", entry["text"]) for entry in entries]
    assert by_label == [lookup.terms_named("sdg-id", entry["id"]) for entry in entries]
    assert len(set(by_label) - {None}) == 186


def test_every_spelling_met_in_real_files_resolves(vocabulary, shared_data):
    aliases = json.loads((shared_data / "taxonomies" / "country_aliases.json").read_text(encoding="utf-8"))
    lookup = Lookup()
    wrong = [
        name
        for code, names in aliases.items()
        for name in names
        if lookup.country_codes.get(lookup.country(name)) != code
    ]
    assert wrong == []


def test_where_every_taxonomy_comes_from_is_told_in_the_language_of_the_page(vocabulary):
    assert {taxonomy.source for taxonomy in Taxonomy.objects.all()} == {*SOURCES}
    for language in ("es", "fr", "pt", "ar"):
        with translation.override(language):
            assert [entry.code for entry in Taxonomy.objects.all() if entry.source_told == entry.source] == []
