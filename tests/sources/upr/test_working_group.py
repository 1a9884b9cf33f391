"""Reports of the UPR Working Group: numbered recommendations with States and the position of each section."""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from servanda.sources.candidates import Kind, Stand
from servanda.sources.documents import cover
from servanda.sources.printed.states import closing_states, folded, folded_names
from servanda.sources.upr import thematic_list, working_group
from tests.paths import SLOVENIA
from tests.sources.reports_make import NAMES, english, read, report


@pytest.mark.parametrize(
    ("name", "symbol", "session", "published", "counts"),
    [
        ("upr1-report.pdf", "A/HRC/14/15", 7, date(2010, 3, 15), {"111": 97, "113": 3}),
        ("upr2-report.pdf", "A/HRC/28/15", 20, date(2014, 12, 10), {"115": 163}),
        ("upr3-report.pdf", "A/HRC/43/15", 34, date(2019, 12, 19), {"121": 58, "122": 157}),
        ("upr4-report.pdf", "A/HRC/59/15", 48, date(2025, 3, 24), {"140": 254}),
    ],
)
def test_the_four_reports_of_slovenia_are_read_whole(name, symbol, session, published, counts):
    found = report(name)
    assert Counter(item.paragraph.split(".")[0].split("(")[0] for item in found) == counts
    assert {(item.symbol, item.session, item.published) for item in found} == {(symbol, session, published)}
    assert all(item.countries == ["Slovenia"] and item.body == "UPR" for item in found)


def test_the_nested_numbers_of_the_first_cycle_get_the_number_of_their_paragraph():
    first = report("upr1-report.pdf")[0]
    assert first.paragraph == "111.1"
    assert first.recommending == ["Algeria", "Egypt", "Bosnia and Herzegovina", "Argentina"]
    assert first.texts["en"].startswith(
        "To examine the possibility of joining (Algeria)/sign and ratify (Egypt)/ratify"
    )
    assert first.where == "page 14, paragraph 111.1"


def test_voluntary_pledges_are_records_of_their_own_kind():
    pledges = [item for item in report("upr1-report.pdf") if item.kind == Kind.PLEDGE]
    assert [item.paragraph for item in pledges] == ["113(1)", "113(2)", "113(3)"]
    assert pledges[0].texts["en"].startswith("The ratification of the Optional Protocol")
    assert all(item.position is None for item in pledges)


@pytest.mark.parametrize("cycle", [2, 3, 4])
def test_the_report_and_the_thematic_list_print_the_same_recommendations(cycle):
    printed = english(report(f"upr{cycle}-report.pdf"))
    listed = english(list(thematic_list.read(SLOVENIA / f"upr{cycle}-thematic-list.docx")))
    assert printed.keys() == listed.keys()
    same = sum(folded(printed[number]) == folded(listed[number]) for number in listed)
    assert same / len(listed) > 0.98


@pytest.mark.parametrize("cycle", [1, 2, 3, 4])
def test_no_header_footer_or_footnote_leaks_into_a_text(cycle):
    for item in report(f"upr{cycle}-report.pdf"):
        text = item.texts["en"]
        assert "GE." not in text
        assert "A/HRC/" not in text
        assert "not been edited" not in text
        assert "\u0002" not in text
        assert item.kind == Kind.PLEDGE or text.rstrip(".").endswith(")")


def test_each_section_decides_for_the_recommendations_below_it():
    by_paragraph = {item.paragraph: item.position for item in report("upr3-report.pdf")}
    supported, pending = by_paragraph["121.1"], by_paragraph["122.1"]
    assert (supported.stand, supported.words, supported.paragraph) == (
        Stand.SUPPORTED,
        "enjoy the support of Slovenia",
        "121",
    )
    assert pending.stand == Stand.PENDING
    assert pending.words.endswith("no later than the forty-third session of the Human Rights Council")
    assert pending.symbol == "A/HRC/43/15"


@pytest.mark.parametrize(
    ("lead", "stand"),
    [
        ("The recommendations listed below have been examined by Slovenia and enjoy its support:", Stand.SUPPORTED),
        (
            "The recommendations below enjoy the support of Slovenia, which considers them already implemented:",
            Stand.SUPPORTED,
        ),
        ("The recommendations below did not enjoy the support of Slovenia and would thus be noted:", Stand.NOTED),
        ("Slovenia takes note of the following recommendations:", Stand.NOTED),
        ("Slovenia notes the following recommendations and will provide responses in due time:", Stand.PENDING),
        (
            "The following recommendations will be examined by Slovenia, which will respond in due course:",
            Stand.PENDING,
        ),
    ],
)
def test_the_sentence_above_a_list_says_where_the_state_stands(lead, stand):
    (item,) = read(
        f"60. {lead}\n60.1 Ratify the Convention (Peru).\n61. All conclusions and/or recommendations reflect"
    )
    assert item.position.stand == stand


def test_a_later_paragraph_decides_when_the_lead_does_not():
    items = read(
        "60. In the course of the discussion, the following recommendations were made to Slovenia:\n"
        "1. To ratify the Convention (Peru);\n2. To build schools (Norway).\n"
        "61. The response of Slovenia to these recommendations will be included in the outcome report."
    )
    assert [(item.paragraph, item.position.stand, item.position.paragraph) for item in items] == [
        ("60.1", Stand.PENDING, "61"),
        ("60.2", Stand.PENDING, "61"),
    ]


def test_a_nested_number_that_equals_the_next_paragraph_stays_in_its_list():
    many = "\n".join(f"{number}. To do the thing {number} (Peru);" for number in range(1, 5))
    items = read(
        f"3. The following recommendations enjoy the support of Slovenia:\n{many}\n"
        "4. The recommendations below did not enjoy the support of Slovenia:\n1. To abolish it (Spain)."
    )
    assert [item.paragraph for item in items] == ["3.1", "3.2", "3.3", "3.4", "4.1"]
    assert items[-1].position.stand == Stand.NOTED


def test_a_page_break_inside_a_recommendation_leaves_no_trace():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n60.1 Adopt a follow-\n"
        "up plan for the pre-\n14 GE.30-01234\n\nA/HRC/99/7\nschool years 2030-\n2031 (Peru);\n"
        "60.2 Build schools (Norway)."
    )
    assert english(items)["60.1"] == "Adopt a follow-up plan for the pre-school years 2030-2031 (Peru)"


def test_a_misprinted_number_between_its_neighbours_belongs_to_the_list():
    items = read(
        "86. The following recommendations enjoy the support of Slovenia:\n86.1 Ratify (Peru);\n"
        "85.2 Build schools (Norway);\n86.3 Train judges (Spain)."
    )
    assert [item.paragraph for item in items] == ["86.1", "86.2", "86.3"]


def test_lettered_recommendations_keep_their_letters():
    items = read(
        "60. In the course of the discussion, the following recommendations were made to Slovenia:\n"
        "(a) To ratify the Convention (Peru);\n(b) To follow up, as in paragraphs 67\n(c) and 68 (Norway)."
    )
    assert english(items) == {
        "60(a)": "To ratify the Convention (Peru)",
        "60(b)": "To follow up, as in paragraphs 67 (c) and 68 (Norway).",
    }


def test_pledges_in_paragraphs_of_their_own_have_the_number_of_the_paragraph():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n60.1 Ratify (Peru).\n61. All conclusions\n"
        "III. Voluntary commitments of the State under review\n62. Slovenia will write a national plan.\n"
        "63. Slovenia will invite\nall special procedures."
    )
    pledges = [item for item in items if item.kind == Kind.PLEDGE]
    assert english(pledges) == {
        "62": "Slovenia will write a national plan.",
        "63": "Slovenia will invite all special procedures.",
    }


def test_the_annex_and_the_closing_paragraph_are_no_recommendations():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n60.1 Ratify (Peru).\n61. All conclusions"
    )
    assert [item.paragraph for item in items] == ["60.1"]


def test_remarks_of_the_state_between_recommendations_become_comments_of_those_they_name():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n60.1 Ratify (Peru);\n"
        "60.2 Build schools (Norway).\n"
        "With regard to recommendation 60.2 above, Slovenia indicated that schools had been built."
    )
    assert english(items)["60.2"] == "Build schools (Norway)."
    assert items[1].position.comment.endswith("schools had been built.")
    assert items[0].position.comment == ""


def test_a_recommendation_without_a_state_is_kept_and_says_so():
    (item,) = read("60. The following recommendations enjoy the support of Slovenia:\n60.1 Ratify the Convention.")
    assert [(problem.field, problem.fatal) for problem in item.problems] == [("recommending", False)]


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Ratify (France) (Uruguay);", ["France", "Uruguay"]),
        ("Ratify (Spain, Peru and Mexico).", ["Spain", "Peru", "Mexico"]),
        ("Ratify (Mexico; Egypt);", ["Mexico", "Egypt"]),
        (
            "Ratify (Trinidad and Tobago and Bosnia and Herzegovina)",
            ["Trinidad and Tobago", "Bosnia and Herzegovina"],
        ),
        ("Complete it (Ukraine); Increase efforts (Slovakia)", ["Ukraine", "Slovakia"]),
        ("Ratify the Forced Labour Convention, 1930 (No. 29) (the Philippines)", ["the Philippines"]),
        ("Implement the Convention (CEDAW) (Cote d'Ivoire)", ["Cote d'Ivoire"]),
        ("Extend an invitation (Bolivia (Plurinational State of))", ["Bolivia (Plurinational State of)"]),
        ("Ratify (Venezuela, Bolivarian Republic of, Peru)", ["Venezuela, Bolivarian Republic of", "Peru"]),
        ("Ratify (Paraguay (Argentina)", ["Paraguay", "Argentina"]),
        ("Stop it (Palestine); stop it now (State of Palestine)", ["Palestine"]),
        ("Ratify (Atlantis);", ["Atlantis"]),
        ("Follow the principles (Paris Principles) (Peru)", ["Peru"]),
        ("Train the police (2030 plan)", []),
    ],
)
def test_states_are_told_from_other_parentheses(text, states):
    assert closing_states(text, folded_names(NAMES)) == states


def test_a_french_report_is_read_and_says_its_language():
    text = (
        "A/HRC/99/7\nRapport du Groupe de travail sur l’Examen périodique universel\nSlovénie\n"
        "Distr. générale\n"
        "3 mars 2030\nFrançais\nOriginal : anglais\nII. Conclusions et/ou recommandations\n"
        "60. Les recommandations ci-après recueillent l’adhésion de la Slovénie :\n"
        "60.1 Ratifier la Convention (Pérou) ;\n"
        "61. Les recommandations ci-après n’ont pas recueilli l’adhésion de la Slovénie :\n"
        "61.1 Abolir la loi (Norvège).\n"
    )
    names = {"Slovénie": "SVN", "Pérou": "PER", "Norvège": "NOR"}
    found = list(working_group.read_text(text, country_names=names))
    assert [(item.paragraph, item.position.stand, item.recommending) for item in found] == [
        ("60.1", Stand.SUPPORTED, ["Pérou"]), ("61.1", Stand.NOTED, ["Norvège"]),
    ]  # fmt: skip
    assert found[0].texts == {"fr": "Ratifier la Convention (Pérou)"}
    assert (found[0].published, found[0].countries) == (date(2030, 3, 3), ["Slovénie"])


TITLES = {
    "es": ("Informe del Grupo de Trabajo sobre el Examen Periódico Universal", "Conclusiones y/o recomendaciones"),
    "ru": ("Доклад Рабочей группы по универсальному периодическому обзору", "Выводы и/или рекомендации"),
    "zh": ("普遍定期审议工作组报告", "结论和/或建议"),
}


LEADS = {
    "es": (
        "Estas recomendaciones cuentan con el apoyo de Perú:",
        "Estas recomendaciones no cuentan con el apoyo de Perú:",
    ),
    "ru": ("Эти рекомендации пользуются поддержкой Перу:", "Эти рекомендации не пользуются поддержкой Перу:"),
    "zh": ("下列建议得到秘鲁的支持：", "下列建议未得到秘鲁的支持："),
}


@pytest.mark.parametrize(
    ("language", "item"),
    [
        ("es", "Ratificar la Convención (Perú);"),
        ("ru", "ратифицировать Конвенцию (Перу);"),
        ("zh", "批准《公约》（秘鲁）；"),
    ],
)
def test_reports_in_other_languages_give_numbers_states_and_positions(language, item):
    (title, heading), (supported, noted) = TITLES[language], LEADS[language]
    text = f"A/HRC/99/7\n{title}\n斯洛文尼亚\nII. {heading}\n60. {supported}\n60.1 {item}\n61. {noted}\n61.1 {item}\n"
    found = list(working_group.read_text(text, country_names={"Perú": "PER", "Перу": "PER", "秘鲁": "PER"}))
    assert [(row.paragraph, row.position.stand) for row in found] == [
        ("60.1", Stand.SUPPORTED),
        ("61.1", Stand.NOTED),
    ]
    assert found[0].recommending == [item.split("(")[-1].split("（")[-1].rstrip("；;）)")]
    assert list(found[0].texts) == [language]


def test_a_number_inside_a_line_opens_a_recommendation_of_its_own():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n"
        "60.1 Ratify (Peru); 60.2 Build schools (Norway);\n60.3 Train judges (Spain)."
    )
    assert english(items)["60.1"] == "Ratify (Peru)"
    assert [item.paragraph for item in items] == ["60.1", "60.2", "60.3"]


def test_a_paragraph_below_that_names_a_number_changes_only_that_one():
    items = read(
        "60. The following recommendations will be examined by Slovenia:\n60.1 Ratify (Peru);\n60.2 Build (Norway).\n"
        "61. Slovenia considers that recommendation 60.2 above has already been implemented."
    )
    assert [item.position.stand for item in items] == [Stand.PENDING, Stand.SUPPORTED]


def test_comments_of_the_state_in_a_list_are_no_recommendations():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n1. Ratify (Peru).\n"
        "61. With regard to the other recommendations, Slovenia offers the following comments:\n1. Courts are free.\n"
    )
    assert [(item.paragraph, item.kind) for item in items] == [("60.1", Kind.RECOMMENDATION), ("61.1", Kind.OTHER)]


def test_the_numbers_of_reports_of_other_states_are_found(shared_data):
    folder = shared_data / "documents" / "upr_wg_reports"
    names = names_of(shared_data)
    for stem in ("KOR_2008", "CAN_2009", "ARM_2010", "BTN_2014", "AFG_2014"):
        if not (folder / f"{stem}.pdf").exists():
            continue
        truth = json.loads((folder / f"{stem}.truth.json").read_text())["recommendations"]
        wanted = {row["para"] for row in truth if row["para"]}
        found = {
            item.paragraph
            for item in working_group.read(folder / f"{stem}.pdf", country_names=names)
            if item.kind == Kind.RECOMMENDATION
        }
        assert len(wanted & found) / len(wanted) >= 0.99
        assert len(wanted & found) / len(found) >= 0.99


def names_of(shared_data: Path) -> Mapping[str, str]:
    with (shared_data / "taxonomies" / "countries_six_languages.csv").open(encoding="utf-8") as file:
        return {row["en"]: row["iso3"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Distr.: General\n8 January 2014\n\nOriginal: English", "2014-01-08"),
        ("Distr. general\n8 de enero de 2014\nEspañol", "2014-01-08"),
        ("Distr. générale\n8 janvier 2014\nFrançais", "2014-01-08"),
        ("Distr.: General\n8 كانون الثاني/يناير 2014\nArabic", "2014-01-08"),
        ("A/HRC/25/9\n8 January 2014\nENGLISH\nOriginal: ENGLISH", "2014-01-08"),
        ("The Council met on 8 January 2014.", "None"),
    ],
)
def test_the_day_of_distribution_is_read_in_every_language(printed, day):
    assert str(cover.issued_on(printed)) == day
