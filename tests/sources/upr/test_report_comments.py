"""Refusals that come with comments of the State: the recommendation is noted, the comment belongs to its position."""

import pytest

from servanda.sources.candidates import Kind, Stand
from servanda.sources.printed.positions import printed_position
from servanda.sources.upr import working_group
from tests.sources.reports_make import english, read


@pytest.mark.parametrize(
    "lead",
    [
        "The recommendations below did not enjoy the support of Slovenia, which offered the following comments:",
        "The recommendations below did not enjoy the support of Slovenia which provided comments:",
        "The recommendations below did not enjoy the support of Slovenia and would thus be noted:",
        "The following recommendations did not find the support of Slovenia, and Slovenia made these observations:",
        "Slovenia considers that the recommendations below cannot be supported:",
        "The following recommendations have not found the support of Slovenia:",
    ],
)
def test_a_list_that_was_refused_with_comments_is_noted_with_its_state(lead):
    items = read(f"60. {lead}\n60.1 Ratify the Convention (Peru);\n60.2 Build schools (Norway).")
    assert [(item.paragraph, item.kind, item.position.stand, item.recommending) for item in items] == [
        ("60.1", Kind.RECOMMENDATION, Stand.NOTED, ["Peru"]),
        ("60.2", Kind.RECOMMENDATION, Stand.NOTED, ["Norway"]),
    ]


def test_the_words_of_the_position_end_before_the_comments_begin():
    (item,) = read(
        "60. This did not enjoy the support of Slovenia, which offered the following comments:\n60.1 Go (Peru)."
    )
    assert item.position.words == "did not enjoy the support of Slovenia"


@pytest.mark.parametrize(
    ("sentence", "stand"),
    [
        ("The recommendations below would be examined by Slovenia in due course:", Stand.PENDING),
        ("Les recommandations ci-après ne recueillent pas l’adhésion de la Slovénie :", Stand.NOTED),
        ("Les recommandations ci-après ne bénéficient pas de l’appui de la Slovénie :", Stand.NOTED),
        ("La Slovénie n’accepte pas les recommandations ci-après :", Stand.NOTED),
        ("Las recomendaciones siguientes no han contado con el apoyo de Eslovenia:", Stand.NOTED),
        ("Las recomendaciones siguientes no pueden aceptarse:", Stand.NOTED),
        ("Las recomendaciones siguientes no fueron aceptadas por Eslovenia:", Stand.NOTED),
        ("التوصيات التالية لا تحظى بتأييد سلوفينيا:", Stand.NOTED),
        ("التوصيات التالية لم تحظ بتأييد سلوفينيا:", Stand.NOTED),
        ("التوصيات التالية تحظى بتأييد سلوفينيا:", Stand.SUPPORTED),
        ("ستنظر سلوفينيا في التوصيات التالية:", Stand.PENDING),
    ],
)
def test_refusals_and_delays_are_told_in_four_languages(sentence, stand):
    assert printed_position(sentence).stand == stand


def test_what_the_state_says_below_each_recommendation_is_the_comment_of_its_position():
    items = read(
        "60. The recommendations below did not enjoy the support of Slovenia, which offered the following comments:\n"
        "60.1 Abolish the fee (Peru);\nThe fee is a matter of the municipalities,\nwhich set it by themselves.\n"
        "60.2 Close the camp (Norway);\nComment: There is no camp in Slovenia (see paragraph 12).\n"
        "60.3 Sign the treaty (Spain)."
    )
    assert english(items) == {
        "60.1": "Abolish the fee (Peru)", "60.2": "Close the camp (Norway)", "60.3": "Sign the treaty (Spain).",
    }  # fmt: skip
    assert [item.position.comment for item in items] == [
        "The fee is a matter of the municipalities, which set it by themselves.",
        "There is no camp in Slovenia (see paragraph 12).",
        "",
    ]
    assert {item.position.stand for item in items} == {Stand.NOTED}


def test_a_comment_on_the_line_of_its_recommendation_is_taken_apart():
    (item,) = read("60. These did not enjoy the support of Slovenia:\n60.1 Close it (Peru); Comment: It is closed.")
    assert (english([item])["60.1"], item.position.comment) == ("Close it (Peru)", "It is closed.")


def test_a_second_half_of_a_recommendation_is_no_comment():
    (item,) = read(
        "60. The recommendations below did not enjoy the support of Slovenia, which offered the following comments:\n"
        "60.1 Ratify the Convention (Peru);\nSign the Protocol (Norway)."
    )
    assert (item.recommending, item.position.comment) == (["Peru", "Norway"], "")


def test_numbered_comments_belong_to_the_recommendations_that_they_name():
    items = read(
        "60. The recommendations below did not enjoy the support of Slovenia:\n"
        "60.1 Ratify (Peru);\n60.2 Go (Norway).\n"
        "61. Slovenia offered the following comments:\n1. Regarding recommendation 60.1, the law is under review.\n"
        "2. Regarding recommendation 60.2, there is nowhere to go."
    )
    assert [(item.paragraph, item.position.comment) for item in items] == [
        ("60.1", "Regarding recommendation 60.1, the law is under review."),
        ("60.2", "Regarding recommendation 60.2, there is nowhere to go."),
    ]


def test_a_remark_between_two_recommendations_is_not_lost():
    items = read(
        "60. The following recommendations enjoy the support of Slovenia:\n60.1 Ratify (Peru);\n"
        "With regard to recommendation 60.1 above, Slovenia indicated that parliament had agreed.\n"
        "60.2 Build schools (Norway)."
    )
    assert items[0].position.comment.endswith("parliament had agreed.")
    assert english(items)["60.2"] == "Build schools (Norway)."


def test_an_arabic_report_gives_numbers_and_positions():
    text = (
        "A/HRC/99/7\nتقرير الفريق العامل المعني بالاستعراض الدوري الشامل\nسلوفينيا\n"
        "ثانياً- الاستنتاجات و/أو التوصيات\n"
        "60- التوصيات التالية تحظى بتأييد سلوفينيا:\n"
        "60-1 التصديق على الاتفاقية (بيرو)؛\n60-2 بناء المدارس (النرويج).\n"
        "61- التوصيات التالية لم تحظ بتأييد سلوفينيا:\n61-1 إلغاء الرسم (إسبانيا).\n"
    )
    names = {"سلوفينيا": "SVN", "بيرو": "PER", "النرويج": "NOR", "إسبانيا": "ESP"}
    found = list(working_group.read_text(text, country_names=names))
    assert [(item.paragraph, item.position.stand, item.recommending) for item in found] == [
        ("60.1", Stand.SUPPORTED, ["بيرو"]),
        ("60.2", Stand.SUPPORTED, ["النرويج"]),
        ("61.1", Stand.NOTED, ["إسبانيا"]),
    ]
    assert found[0].texts == {"ar": "التصديق على الاتفاقية (بيرو)"}
