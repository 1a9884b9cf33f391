"""Names of States as people write them, in every language: known, or not known, and never another State."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from servanda.vocab.lookup import Lookup
from servanda.vocab.models import Country, CountryAlias
from servanda.vocab.services.loading import load_vocabulary, rows_of, shipped_spellings
from servanda.vocab.state_names import state_key

pytestmark = pytest.mark.django_db

LOCALES = (
    "en",
    "en_GB",
    "es",
    "es_419",
    "es_MX",
    "fr",
    "fr_CA",
    "pt",
    "pt_PT",
    "ar",
    "ar_EG",
    "ar_MA",
    "ru",
    "zh",
    "zh_Hant",
)


@pytest.fixture
def lookup(vocabulary) -> Lookup:
    return Lookup()


def code_of(lookup: Lookup, printed: str) -> str | None:
    found = lookup.country(printed)
    return None if found is None else lookup.country_codes[found]


NAMES = {
    "USA": "États-Unis|Etats-Unis d'Amérique|les États-Unis d’Amérique|الولايات المتحدة|USA|U.S.A.|U. S. A.|EE.UU.",
    "GBR": "Royaume-Uni|le Royaume Uni|UK|U.K.|المملكة المتحدة|Reino Unido|el Reino Unido|Great Britain",
    "NLD": "Pays-Bas|les Pays-Bas|the Netherlands|Holland|Holanda|os Países Baixos|هولندا|Netherlands (the)",
    "TUR": "Turquie|Türkiye|Turkiye|TURKEY|Turquía|تركيا|Republic of Turkey",
    "SYR": "Syrie|Siria|سوريا|la République arabe syrienne|Syria",
    "BOL": "Bolivie|Bolivia|بوليفيا|Bolivia, Plurinational State of|Bolivie (État plurinational de)",
    "RUS": "Rusia|Russie|روسيا|Federação da Rússia|Россия",
    "LBY": "Libyan Arab Jamahiriya|Jamahiriya arabe libyenne|Libye|ليبيا",
    "KOR": "South Korea|Korea, Republic of|Korea (Republic of)|Corée du Sud|Corea del Sur|كوريا الجنوبية|ROK",
    "PRK": "DPRK|D.P.R.K.|North Korea|Korea, Democratic People's Republic of|Korea, Dem. People’s Rep.|КНДР",
    "SWZ": "Swaziland|Eswatini|Eswatini (formerly Swaziland)|the Kingdom of Eswatini",
    "MMR": "Burma|Birmanie|Myanmar (Burma)",
    "CPV": "Cabo Verde|Cape Verde|Cap-Vert",
    "CIV": "Côte d'Ivoire|Cote d’Ivoire|COTE D`IVOIRE|la Côte d´Ivoire|Ivory Coast|Costa do Marfim|ساحل العاج",
    "MKD": "Macedonia|FYROM|The former Yugoslav Republic of Macedonia|Macedonia (the former Yugoslav Republic of)",
    "CZE": "Czechia|Czech Republic|Czech Rep.|Rép. tchèque|Czechia / Czech Republic|República Checa",
    "VNM": "Viet Nam|Vietnam|VIÊT-NAM|فييت نام",
    "LAO": "Lao PDR|Laos|Lao People's Democratic Republic|لاوس",
    "IRN": "Iran|Iran (Islamic Republic of)|Irán|إيران|ايران|Iran, Islamic Rep.",
    "TZA": "Tanzania|Tanzanie|United Republic of Tanzania|Tanzania, United Republic of|تنزانيا",
    "MDA": "Moldova|Moldova, Republic of|Moldavie|مولدوفا",
    "VEN": "Venezuela|Venezuela, Bolivarian Republic of|فنزويلا|Venezuela, RB",
    "PSE": "Palestine|State of Palestine*|Palestine, State of|فلسطين|OCCUPIED PALESTINIAN TERRITORY",
    "TLS": "East Timor|Timor-Leste|Timor oriental|Timor Leste",
    "IDN": "(Indonesia 2)|Indonesia 2|Indonesia²|Indonesia (2)|Indonesia*|Indonesia [3]|(Indonesia)|Indonesia;",
    "COD": "DR Congo|D.R. Congo|RDC|Congo, Dem. Rep.|Congo (Democratic Republic of the)|Congo (Kinshasa)|Zaire",
    "COG": "Congo|the Congo|Republic of the Congo|Congo, Rep.|Congo-Brazzaville",
    "NER": "Niger|le Niger|the Republic of the Niger",
    "NGA": "Nigeria|le Nigéria|NIGERIA 2",
    "GIN": "Guinea|la Guinée|Republic of Guinea|Guinea-Conakry",
    "GNB": "Guinea-Bissau|Guinea Bissau|Guinée-Bissau|Guiné Bissau",
    "GNQ": "Equatorial Guinea|Guinea, Equatorial|Eq. Guinea|Guinée équatoriale",
    "PNG": "Papua New Guinea|Papouasie-Nouvelle-Guinée",
    "DMA": "Dominica|la Dominique|Commonwealth of Dominica",
    "DOM": "Dominican Republic|República Dominicana|République dominicaine",
    "SDN": "Sudan|the Sudan|Soudan",
    "SSD": "South Sudan|S. Sudan|Sudan, South|Soudan du Sud|Sudán del Sur",
    "DZA": "l'Algérie|L’Algérie|Argelia",
    "XKX": "Kosovo*|Kosovo (UNSCR 1244)",
    "MOZ": "República de Moçambique",
}


@pytest.mark.parametrize(("code", "names"), NAMES.items(), ids=NAMES)
def test_a_state_is_known_by_what_people_call_it(lookup, code, names):
    assert {name: code_of(lookup, name) for name in names.split("|")} == dict.fromkeys(names.split("|"), code)


UNKNOWN = (
    "Korea|Corée|Corea|Coreia|كوريا|Korea 2|D. Congo|D Congo|E. Guinea|E Guinea|New Guinea|North Sudan|"
    "Northern Ireland|Ireland, Northern|Taiwan|Taiwan, China|Republic of China|Hong Kong, China|American Samoa|"
    "British Virgin Islands|Saint Martin|Serbia and Montenegro|USSR|Yugoslavia|New Mexico|South Georgia|"
    "Netherlands Antilles|French Guiana|Niger/Nigeria|Niger (Nigeria)|Colombia, Chile|Bélgica y Francia|"
    "Republic|the Kingdom|State|Islands|of the|2|*|()|A|svn|Slovenia 2024|Asia-Pacific|(car)|us|n.a."
)


@pytest.mark.parametrize("printed", UNKNOWN.split("|"))
def test_what_is_not_clearly_one_state_is_not_known(lookup, printed):
    assert code_of(lookup, printed) is None


@pytest.mark.parametrize(
    "sign",
    ["\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", *"\u2066\u2067\u2068\u2069", "\ufeff"],
)
def test_signs_that_nobody_sees_make_no_difference(lookup, sign):
    assert code_of(lookup, f"{sign}المملكة{sign} المتحدة{sign}") == "GBR"
    assert code_of(lookup, f"{sign}SVN{sign}") == "SVN"


def test_stretched_letters_and_other_blanks_make_no_difference(lookup):
    assert code_of(lookup, "المملـــكة\u00a0المتحدة") == "GBR"
    assert code_of(lookup, "\u00a0South\u202fKorea\u3000") == "KOR"


def test_no_spelling_that_comes_with_the_product_means_two_states():
    meant: dict[str, set[str]] = {}
    names = [
        (row["code"], row[language]) for row in rows_of("countries") for language in ("en", "es", "fr", "pt", "ar")
    ]
    for code, name in [*names, *shipped_spellings()]:
        assert state_key(name), name
        meant.setdefault(state_key(name), set()).add(code)
    assert {key: codes for key, codes in meant.items() if len(codes) > 1} == {}


def babel_names() -> Iterator[tuple[str, str]]:
    for locale in LOCALES:
        territories = Locale.parse(locale).territories
        for row in rows_of("countries"):
            if name := territories.get(row["iso2"]):
                yield row["code"], name


def judged(lookup: Lookup, names: set[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """The names that are not known, and those that are taken for another State."""
    found = [(code, name, code_of(lookup, name)) for code, name in sorted(names)]
    unknown = [(code, name) for code, name, meant in found if meant is None]
    return unknown, [(code, name, meant) for code, name, meant in found if meant not in {None, code}]


def test_every_name_that_unicode_gives_a_state_is_known(lookup):
    names = set(babel_names())
    assert len(names) > 1200
    assert judged(lookup, names) == ([], [])


@pytest.mark.parametrize(
    "article", ["the ", "The ", "le ", "la ", "les ", "el ", "los ", "las ", "o ", "os ", "l'", "l’"]
)
def test_an_article_never_makes_another_state(lookup, article):
    _unknown, wrong = judged(lookup, {(code, article + name) for code, name in babel_names()})
    assert wrong == []


@pytest.mark.parametrize("written", ["{} 2", "({})", "({} 3)", "{}*", "{}¹", "{} (2)", "{},", "[{}]"])
def test_notes_change_nothing(lookup, written):
    assert judged(lookup, {(code, written.format(name)) for code, name in babel_names()}) == ([], [])


def names_in_real_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Codes and names of States, as other files print them."""
    for code, names in json.loads((folder / "taxonomies/country_aliases.json").read_text(encoding="utf-8")).items():
        yield from ((code, name) for name in names)
    columns = {
        "recs/upr_info/upr_info_cycle1.csv": [("sur_iso3", "sur"), ("smr_iso3", "smr")],
        "recs/upr_info/upr_info_cycle2.csv": [("sur_iso3", "sur"), ("smr_iso3", "smr")],
        "taxonomies/countries_six_languages.csv": [
            ("iso3", language + kind) for language in ("en", "fr", "es", "ar", "ru", "zh") for kind in ("", "_formal")
        ],
    }
    for path, pairs in columns.items():
        with (folder / path).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield from ((row[code], row[name]) for code, name in pairs if row[code] and row[name])


def test_every_name_in_real_files_is_known(lookup, shared_data):
    names = set(names_in_real_files(shared_data))
    assert len(names) > 1500
    assert judged(lookup, names) == ([], [])


def test_a_spelling_of_the_country_outlives_a_new_version(vocabulary):
    CountryAlias.objects.filter(name="Holland").delete()
    CountryAlias.objects.create(name="Sloveenia", country=Country.objects.get(code="SVN"))
    load_vocabulary()
    assert code_of(Lookup(), "SLOVEENIA*") == "SVN"
    assert load_vocabulary()["spellings +"] == 0
