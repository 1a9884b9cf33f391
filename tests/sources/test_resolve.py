"""From the words of a file to the codes of the vocabulary."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from servanda.sources.candidates import Candidate, Kind, Label, PrintedPosition, Problem, Stand
from servanda.sources.resolve import make_resolver
from servanda.sources.uhri import api as uhri_api
from servanda.sources.upr import thematic_list
from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Country, Term, UprSession
from tests.paths import SLOVENIA

pytestmark = pytest.mark.django_db
CHILDREN = "94e1ddfb-cfb2-4ed2-b073-3d2eeb4ac990"
TODAY = date(2026, 11, 25)
GOOD = Candidate(
    where="row 3",
    raw="Ratify the Convention",
    countries=["Slovenia"],
    body="UPR",
    symbol="A/HRC/59/15",
    paragraph="140.10",
    texts={"en": "Ratify the Convention"},
)


@pytest.fixture(scope="module")
def loaded_once(loaded_once) -> Lookup:
    return Lookup()


@pytest.fixture
def lookup(loaded_once, db) -> Lookup:
    return loaded_once


@pytest.fixture
def resolve(lookup):
    """`resolve(body="CRC", ...)`: a good candidate with these fields instead of its own."""
    resolver = make_resolver(lookup, identify=lambda text: "sl", on=TODAY)
    return lambda **fields: resolver(replace(GOOD, **fields))


def said(resolved) -> list[tuple[str, str, bool]]:
    return [(problem.field, problem.message, problem.fatal) for problem in resolved.problems]


def codes(resolved) -> list[str]:
    return sorted(Term.objects.filter(pk__in=resolved.term_ids).values_list("code", flat=True))


def test_a_good_row_has_the_codes_of_the_vocabulary_and_no_problem(resolve):
    found = resolve(recommending=["Malawi", "Türkiye"], session=48, labels=[Label("sdg", "5.1")])
    assert (found.country_code, found.body_code, found.cycle, found.session) == ("SVN", "UPR", 4, 48)
    recommending = [Country.objects.get(pk=pk).code for pk in found.recommending_ids]
    assert (recommending, codes(found), said(found)) == (["MWI", "TUR"], ["5.1"], [])


def test_an_unknown_state_is_named_and_keeps_the_row_out(resolve):
    found = resolve(countries=["Ruritania"])
    sentence = "The State “Ruritania” is not known. Choose the State, or correct the name in the file."
    assert said(found)[0] == ("country", sentence, True)


def test_a_row_without_a_state_takes_it_from_the_symbol(resolve):
    found = resolve(countries=[], body="", symbol="CRC/C/PER/CO/4-5")
    assert (found.country_code, found.body_code, said(found)) == ("PER", "CRC", [])


def test_a_row_without_a_state_takes_the_one_that_the_import_is_about(lookup):
    slovenia = lookup.country("SVN")
    resolver = make_resolver(lookup, identify=str, on=TODAY, default_country=slovenia)
    assert resolver(replace(GOOD, countries=[])).country_ids == [slovenia]


def test_a_row_about_no_state_is_refused(resolve):
    found = resolve(countries=[])
    assert (found.country_ids, found.country_code) == ([], "")
    assert said(found) == [("no State", "No State is named.", True)]


def test_a_row_about_several_states_keeps_them_in_their_order_once(resolve):
    found = resolve(countries=["Turkey", "PK", "Türkiye"])
    assert [Country.objects.get(pk=pk).code for pk in found.country_ids] == ["TUR", "PAK"]
    assert found.country_code == "TUR"


def test_an_unknown_recommending_state_is_left_out_and_named(resolve):
    found = resolve(recommending=["Malawi", "(Unknown)"])
    assert len(found.recommending_ids) == 1
    sentence = "The recommending State “(Unknown)” is not known; it was left out."
    assert said(found) == [("recommending", sentence, False)]


def test_an_unknown_body_is_named_and_keeps_the_row_out(resolve):
    found = resolve(body="Committee of Public Safety")
    sentence = "The body “Committee of Public Safety” is not known. Choose the body, or correct the name in the file."
    assert (found.body_id, found.body_code, said(found)) == (None, "", [("body", sentence, True)])


def test_a_body_that_nobody_names_and_no_symbol_tells_keeps_the_row_out(resolve):
    found = resolve(body="", symbol="A/HRC/44/39/Add.1")
    sentence = (
        "No body is named or can be determined from the symbol. Choose the column of the body, or a body for empty"
        " cells."
    )
    assert said(found) == [("body", sentence, True)]


def test_the_body_that_the_file_names_is_believed_before_its_symbol(resolve):
    assert resolve(body="SR Torture", symbol="A/HRC/59/15").body_code == "SR Torture"


def test_an_unknown_label_is_named_and_the_row_comes_in_without_it(resolve):
    found = resolve(labels=[Label("uhri-theme", "Right to nap"), Label("uhri-theme", "Right to food")])
    sentence = "The label “Right to nap” (uhri-theme) is not known; the row is imported without it."
    assert (codes(found), said(found)) == (["right-to-food"], [("label", sentence, False)])


def test_an_unknown_id_of_a_label_is_named_with_its_taxonomy(resolve):
    found = resolve(labels=[Label("uhri-theme-id", "084bb307")])
    sentence = "The label “084bb307” (uhri-theme) is not known; the row is imported without it."
    assert said(found) == [("label", sentence, False)]


def test_the_theme_reservations_comes_in_as_an_artefact(resolve):
    found = resolve(labels=[Label("uhri-theme", "Reservations")])
    assert [term.is_artefact for term in Term.objects.filter(pk__in=found.term_ids)] == [True]
    assert said(found) == []


def test_a_group_that_means_nobody_leaves_no_label_and_no_complaint(resolve):
    found = resolve(labels=[Label("uhri-group", "general")])
    assert (found.term_ids, said(found)) == ([], [])


def test_a_label_that_names_two_groups_stands_for_both(resolve):
    found = resolve(labels=[Label("uhri-group", "Migrants & domestic workers"), Label("uhri-group", "Migrants")])
    assert codes(found) == ["domestic-workers", "migrants"]


@pytest.mark.parametrize("published", [date(1946, 1, 1), date(2009, 6, 15), TODAY, date(2027, 11, 26)])
def test_a_date_within_the_life_of_the_un_is_kept(resolve, published):
    found = resolve(published=published)
    assert (found.published, found.year, said(found)) == (published, published.year, [])


@pytest.mark.parametrize("published", [date(1945, 12, 31), date(2027, 11, 27), date(9999, 1, 1)])
def test_a_date_that_cannot_be_right_is_named_and_left_out(resolve, published):
    found = resolve(published=published)
    sentence = f"The date {published.isoformat()} cannot be right; the row is imported without a date."
    assert (found.published, found.year, said(found)) == (None, None, [("date", sentence, False)])


def test_a_row_without_text_is_kept_out(resolve):
    assert said(resolve(texts={"en": ""})) == [("text", "The row has no text.", True)]


def test_a_row_that_is_out_already_is_not_scolded_for_its_text_too(resolve):
    found = resolve(texts={}, problems=[Problem("text", "The row has no recommendation text.")])
    assert said(found) == [("text", "The row has no recommendation text.", True)]


def test_an_answer_needs_a_position_and_no_text(resolve):
    position = PrintedPosition(Stand.NOTED)
    assert said(resolve(kind=Kind.ANSWER, texts={}, position=position)) == []
    assert said(resolve(kind=Kind.ANSWER, texts={})) == [("position", "No position is stated.", True)]


def test_a_position_where_states_take_none_stays_in_the_raw_record_and_is_told(resolve):
    position = PrintedPosition(Stand.SUPPORTED, "Acceptée")
    found = resolve(body="CEDAW", symbol="CEDAW/C/SVN/CO/7", raw="R 3; Acceptée", position=position)
    sentence = "States take no position on recommendations of CEDAW: “Acceptée” is kept in the raw data only."
    assert (found.position, found.raw, said(found)) == (None, "R 3; Acceptée", [("position", sentence, False)])
    assert resolve(position=position).position == position


@pytest.mark.parametrize(("field", "most"), [("symbol", 120), ("paragraph", 40), ("document_id", 64)])
def test_what_does_not_fit_is_named_by_its_start(resolve, field, most):
    assert said(resolve(**{field: "7" * most})) == []
    (problem,) = said(resolve(**{field: "7" * (most + 1)}))
    sentence = f"“{'7' * 30}…” is too long: at most {most} characters are allowed."
    assert problem == (field, sentence, True)


def test_a_text_of_unknown_language_gets_the_one_it_is_in(resolve):
    assert resolve(texts={"": "Ratificirati konvencijo;"}).texts == {"sl": "Ratificirati konvencijo"}


def test_problems_of_the_reader_stay(resolve):
    noted = Problem("paragraph", "The recommendation has no paragraph number.", fatal=False)
    assert resolve(problems=[noted]).problems == [noted]
    assert GOOD.problems == []


@pytest.mark.parametrize(
    "change",
    [
        {"texts": {"en": "Ratify the Covenant"}},
        {"paragraph": "140.11"},
        {"published": TODAY},
        {"countries": ["Peru"]},
        {"recommending": ["Malawi"]},
        {"position": PrintedPosition(Stand.SUPPORTED)},
        {"labels": [Label("sdg", "5")]},
        {"kind": Kind.PLEDGE},
        {"cycle": 3},
    ],
    ids=str,
)
def test_the_mark_of_a_row_changes_with_what_the_register_takes_from_it(resolve, change):
    assert resolve(**change).digest != resolve().digest


def test_the_mark_of_a_row_does_not_depend_on_where_it_stood_in_the_file(resolve):
    assert resolve(where="row 4", raw="x").digest == resolve().digest


def test_records_of_uhris_search_tell_kind_position_cycle_and_session_by_id(resolve):
    session = UprSession.objects.get(number=31)
    ids = {
        "annotation-type-id": "3ae2eea6-0000-4000-8000-000000000000",
        "upr-position-id": "7d6138a1-0000-4000-8000-000000000000",
        "upr-session-id": session.uhri_id,
        "upr-cycle-id": "ba74bb92-0000-4000-8000-000000000000",
    }
    labels = [Label(scheme, identity) for scheme, identity in ids.items()]
    found = resolve(kind=Kind.OTHER, labels=[*labels, Label("uhri-group-id", CHILDREN)])
    assert (found.kind, found.position.stand) == (Kind.OBSERVATION, Stand.NOTED)
    assert (found.cycle, found.session) == (3, 31)
    assert (codes(found), said(found)) == (["children"], [])


def test_an_id_of_no_known_meaning_leaves_what_the_reader_said(resolve):
    strange = "00000000-0000-4000-8000-000000000000"
    labels = [Label(scheme, strange) for scheme in ("annotation-type-id", "upr-position-id", "upr-session-id")]
    found = resolve(kind=Kind.OTHER, session=20, labels=labels)
    assert (found.kind, found.position, found.session, found.cycle) == (Kind.OTHER, None, 20, 2)


def test_no_row_of_the_slovenian_lists_has_a_problem(lookup):
    resolver = make_resolver(lookup, identify=str, on=TODAY)
    lists = sorted(SLOVENIA.glob("*thematic-list.docx"))
    found = [resolver(candidate) for path in lists for candidate in thematic_list.read(path)]
    assert (len(found), {resolved.country_code for resolved in found}) == (632, {"SVN"})
    assert [said(resolved) for resolved in found if resolved.problems] == []
    assert Counter(resolved.cycle for resolved in found) == {2: 163, 3: 215, 4: 254}


def test_a_text_whose_language_nobody_said_does_not_replace_one_that_was_named(resolve):
    resolved = resolve(texts={"sl": "Ratificirati", "": "Ratificirati konvencijo"})
    assert resolved.texts == {"sl": "Ratificirati", "": "Ratificirati konvencijo"}


def test_only_records_of_an_unknown_theme_or_state_have_problems_in_the_real_sample(lookup, shared_data):
    path = shared_data / "recs" / "uhri_818_six_languages" / "raw_api_records.jsonl"
    resolver = make_resolver(lookup, identify=str, on=TODAY)
    found = [resolver(candidate) for candidate in uhri_api.read(path)]
    fields = Counter(problem.field for resolved in found for problem in resolved.problems)
    assert len(found) == 659
    counted = [fields[name] for name in ("label", "recommending", "country", "no State", "body")]
    assert counted == [24, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Pérou, Chili et Espagne", ["PER", "CHL", "ESP"]),
        ("Peru, Chile and Spain", ["PER", "CHL", "ESP"]),
        ("Bosnie-Herzégovine et Trinité-et-Tobago", ["BIH", "TTO"]),
        ("Bosnia and Herzegovina, Antigua and Barbuda and Sao Tome and Principe", ["BIH", "ATG", "STP"]),
        ("Sénégal (au nom du Groupe africain), Mali", ["SEN", "MLI"]),
        ("España y Uruguay / Brasil", ["ESP", "URY", "BRA"]),
        ("بيرو وشيلي وإسبانيا", ["PER", "CHL", "ESP"]),
        ("Republic of Korea", ["KOR"]),
        ("Korea, Republic of", ["KOR"]),
    ],
)
def test_a_list_of_states_in_one_cell_is_read_as_people_write_it(resolve, printed, expected):
    found = resolve(recommending=[printed])
    assert [Country.objects.get(pk=pk).code for pk in found.recommending_ids] == expected
    assert said(found) == []


def test_of_a_list_of_states_only_the_name_that_is_not_known_is_left_out(resolve):
    found = resolve(recommending=["Peru, Atlantis and Spain"])
    assert [Country.objects.get(pk=pk).code for pk in found.recommending_ids] == ["PER", "ESP"]
    assert [problem.name for problem in found.problems] == ["Atlantis"]
