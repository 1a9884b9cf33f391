"""Texts from outside become plain text; the paragraph number becomes a field and nothing else is lost."""

import csv
import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.sources.printed.texts import clean, clean_label, lift_number, paragraph_number


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("droit&nbsp;à l’éducation (Pakistan)&nbsp;;", "droit à l’éducation (Pakistan) ;"),
        ("<p>First</p><p>Second<br/>third</p>", "First\n\nSecond\n\nthird".replace("\n\n", "\n")),
        ("Ensure<script>alert('x')</script> access", "Ensure access"),
        ("<style>p {color: red}</style>Ensure", "Ensure"),
        ('<a href="javascript:x()" onclick="y()">Ratify</a>', "Ratify"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Ratify", "Ratify"),
        ("political &amp;amp; public life", "political & public life"),
        ("political & public life", "political & public life"),
        ("aged <five years; none is <b lost", "aged <five years; none is <b lost"),
        ("Mr <X> of <village name> & the <number, please>", "Mr <X> of <village name> & the <number, please>"),
        ("<p>Mr <X> and <because> of &lt;him&gt;</p>", "Mr <X> and <because> of <him>"),
        ("the <time> it takes; <data value='1'>now", "the <time> it takes; now"),
        ("<o:p></o:p>Ratify<!-- note --><custom>it</custom><x a='1'>", "Ratifyit"),
        ("R&D; less than < 5 and > 3", "R&D; less than < 5 and > 3"),
        ("adopt\x00 the\x07 law\x1f", "adopt the law"),
        ("one  two\t three\xa0\xa0four", "one two three four"),
        ("one \r\n   two\r\rthree", "one\ntwo\nthree"),
        ("cafe\u0301", "caf\u00e9"),
        ("“curly” and ‘single’ and \"straight\"", "“curly” and ‘single’ and \"straight\""),
        ("soft\u00adhyphen\ufeff", "softhyphen"),
        ("half \ud800 of a pair", "half of a pair"),
        ("", ""),
        ('See <a href="x?a=1&b=2">the report</a>', "See the report"), ("</&>", ""),
    ],
)  # fmt: skip
def test_markup_and_control_characters_go_and_words_stay(printed, plain):
    assert clean(printed) == plain


def test_arabic_keeps_its_direction_marks_and_joiners():
    text = "اللاجئون ومبدأ\u200c عدم الإعادة\u200f القسرية\u202c"
    assert clean(text) == text


@given(st.text(alphabet=st.sampled_from("ab <>&;/pbr!-\n\t\x00\xa0é٣ل\u200f"), max_size=60))
def test_a_clean_text_has_no_tag_and_stays_as_it_is_when_cleaned_again(text):
    plain = clean(text)
    assert not re.search(r"<(?:p|br|b)(?:[\s/][^<>]*)?>|</[^<>]*>", plain)
    assert not any(unicodedata.category(sign) == "Cc" and sign != "\n" for sign in plain)
    assert clean(plain) == plain


def test_labels_lose_the_dash_and_stray_blanks():
    assert clean_label("- Concerns/Observations") == "Concerns/Observations"
    assert clean_label(" Right to development") == "Right to development"
    assert clean_label("Eastern Europe ") == "Eastern Europe"
    assert clean_label("IE  Albinism") == "IE Albinism"


def test_labels_lose_what_no_one_sees_and_keep_joiners():
    assert clean_label("Min\u200bistry\ufeff of\u2060 \U000e0041Justice\u3164\u1160\u2800") == "Ministry of Justice"
    assert clean_label("می\u200cباشد \u200fوزارة\u200e") == "می\u200cباشد \u200fوزارة\u200e"


@pytest.mark.parametrize(
    "name", ["葛\U000e0100城市", "辻\U000e0101", "平\ufe00成", "ᠠ\u180bᠮ", "Help ☎\ufe0f", "1\ufe0f\u20e3"]
)
def test_labels_keep_selectors_that_choose_a_form_of_the_character_before_them(name):
    assert clean_label(name) == name


@pytest.mark.parametrize("hidden", ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef", "\u180b", "\ufe0e\U000e0100"])
def test_labels_lose_selectors_and_joiners_that_choose_nothing(hidden):
    assert clean_label(f"Min{hidden}istry 1{hidden}") == "Ministry 1"
    assert clean_label(f"葛\U000e0100\U000e0101{hidden}") == "葛\U000e0100"
    assert clean_label(f"An\u200da\u200c {hidden}\u200dNovak") == "Ana Novak"


def test_texts_lose_a_second_text_that_only_programs_read():
    assert clean("Ratify.\U000e0049\U000e0067\ufe01\U000e0121 Now\U000e0101") == "Ratify. Now"
    assert clean("葛\U000e0100城市 សិទ្ធិ\u200bមនុស្ស Auf\u200clage") == "葛\U000e0100城市 សិទ្ធិ\u200bមនុស្ស Auf\u200clage"


@pytest.mark.parametrize(
    ("text", "paragraph", "rest"),
    [
        ("4.The Committee notes", "4", "The Committee notes"),
        ("30. Reiterating its recommendation", "30", "Reiterating its recommendation"),
        ("26 . The Committee recommends", "26", "The Committee recommends"),
        ("127.179 Continue its efforts", "127.179", "Continue its efforts"),
        ("126.31Intensify efforts", "126.31", "Intensify efforts"),
        ("66.67. Explicitly prohibit", "66.67", "Explicitly prohibit"),
        ("99.9. Ensure", "99.9", "Ensure"),
        ("113(1) The ratification", "113(1)", "The ratification"),
        ("11 (a) Strengthen its efforts", "11 (a)", "Strengthen its efforts"),
        ("35 (b) (ii) Велика", "35 (b) (ii)", "Велика"),
        ("11 (a). 12 schools", "11 (a)", "12 schools"),
        ("12(2) of the Convention", "", "12(2) of the Convention"),
        ("15 (the fifteenth) States", "", "15 (the fifteenth) States"),
        ("119.43 изменить закон 2019 года", "119.43", "изменить закон 2019 года"),
        ("127-179\nمواصلة جهودها", "127.179", "مواصلة جهودها"),
        ("١٢٧-١٧٩ مواصلة جهودها", "127.179", "مواصلة جهودها"),
        ("157 - 17 6\nتعزيز", "157.176", "تعزيز"),
        ("٣٠- تشعر اللجنة", "30", "تشعر اللجنة"),
        ("55-يساور اللجنة القلق", "55", "يساور اللجنة القلق"),
        ("131.237解决儿童和女童入学率低", "131.237", "解决儿童和女童入学率低"),
        ("30.委员会重申", "30", "委员会重申"),
        ("Domestic application of the Covenant\n7. Reiterating its", "7",
         "Domestic application of the Covenant\nReiterating its"),
        ("Right to education66.While welcoming it, the Committee", "66",
         "Right to education\nWhile welcoming it, the Committee"),
        ("Accessibility (art. 9)21. The Committee", "21", "Accessibility (art. 9)\nThe Committee"),
        ("Droit à l’éducation66.Tout en se félicitant, le Comité", "66",
         "Droit à l’éducation\nTout en se félicitant, le Comité"),
        ("腐败24.委员会鼓励缔约国", "24", "腐败\n委员会鼓励缔约国"),
        ("جمع البيانات\n١ ٠-\nتحث اللجنة", "10", "جمع البيانات\nتحث اللجنة"),
    ],
)  # fmt: skip
def test_the_number_at_the_start_becomes_a_field(text, paragraph, rest):
    assert lift_number(text) == (paragraph, rest)


@pytest.mark.parametrize(
    "text",
    [
        "2030 Agenda for Sustainable Development: integrate it",
        "2030. The Agenda",
        "1325 resolution of the Security Council: implement it",
        "(a) Ensure access",
        "a) Ensure access",
        "3.5 per cent of the budget",
        "0,7 % of gross national income",
        "12.10.2011 The law",
        "12/2010 law",
        "30-day period of detention",
        "15-24 years",
        "16 Days of Activism",
        "1,500 people",
        "Implement resolution 1325. The Committee",
        "Ratify ILO Convention 189. The State party",
        "Reservation to article 412. Recalling, the Committee",
        "The State party should:\n1. Adopt the law",
        "The State party should\n1. Adopt the law\n2. Apply it",
        "Recommendation No. 33, para. 106:33. Toughen liability",
    ],
)
def test_years_decimals_and_lists_are_not_paragraph_numbers(text):
    assert lift_number(text) == ("", text)


def all_signs(text: str) -> str:
    """Letters and digits in order; the signs between and after the digits of a number are not kept."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text if not sign.isspace())


SIGNS = st.text(alphabet=st.sampled_from("0123456789٣١.-– \n()abcThe委员会缔约国اللجنة:"), max_size=80)


@given(st.one_of(SIGNS, st.text(max_size=60)))
def test_lifting_a_number_loses_no_sign_but_those_around_it(text):
    text = clean(text)
    paragraph, rest = lift_number(text)
    if not paragraph:
        assert rest == text
        return
    assert re.fullmatch(r"[0-9]+(\.[0-9]+)*", paragraph)
    lost = re.compile(r"[.\-–—．。]")
    before, after = lost.sub("", all_signs(text)), lost.sub("", all_signs(rest))
    number = paragraph.replace(".", "")
    place = before.find(number)
    assert any(
        before[:place] + before[place + len(number) :] == after
        for place in range(place, len(before))
        if before.startswith(number, place)
    )


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("140.10.", "140.10"),
        ("para. 30", "30"),
        ("127-179", "127.179"),
        ("٣٠", "30"),
        ("12 bis", "12 bis"),
        ("", ""),
        ("143,27", "143.27"),
        ("١٤٣٫٢٧", "143.27"),
        ("12, 14", "12, 14"),
    ],
)
def test_a_number_in_a_cell_of_its_own_takes_the_same_form(printed, number):
    assert paragraph_number(printed) == number


def test_numbers_of_six_real_languages_are_found_and_agree(shared_data):
    """659 real records. README.md counts the texts that do not start with a digit; most of those have a heading."""
    lines = (shared_data / "recs/uhri_818_six_languages/raw_api_records.jsonl").open(encoding="utf-8")
    with lines:
        records = [json.loads(line) for line in lines]
    found = {
        language: [lift_number(clean(record[language]))[0] for record in records]
        for language in ("en", "fr", "es", "ar", "ru", "zh")
    }
    counts = {language: sum(map(bool, numbers)) for language, numbers in found.items()}
    assert all(counts[language] >= least for language, least in
               {"en": 634, "fr": 556, "es": 610, "ar": 645, "ru": 639, "zh": 641}.items()), counts  # fmt: skip
    for language in ("fr", "es", "ru", "zh"):
        both = [pair for pair in zip(found["en"], found[language], strict=True) if all(pair)]
        assert sum(one == other for one, other in both) / len(both) > 0.98


@pytest.mark.parametrize("name", ["upr_info_cycle1", "upr_info_cycle2", "upr_info_pledges"])
def test_real_texts_that_have_no_number_get_none(shared_data, name):
    with (shared_data / f"recs/upr_info/{name}.csv").open(encoding="utf-8", newline="") as file:
        texts = [clean(row["text"]) for row in csv.DictReader(file)]
    assert [text for text in texts if lift_number(text) != ("", text)] == []


def test_real_texts_that_start_with_a_number_give_it(shared_data):
    """The 29,301 rows whose text starts with the paragraph of their truth; 219 print "135 54." and get none."""
    with (shared_data / "recs/upr_wg_reports_2008_2014/records.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["para"] and row["text_with_number"].startswith(row["para"])
        ]
    right = sum(lift_number(clean(row["text_with_number"]))[0] == row["para"] for row in rows)
    assert right / len(rows) > 0.99


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a \u202eb\u202c c", "a b c"),
        ("a\u202d b", "a b"),
        ("\u2067a b", "a b"),
        ("a\u2069 b\u202c", "a b\u202c"),
        ("a \u2066b\u2069 c", "a \u2066b\u2069 c"),
        ("a \u202bb\u202c c", "a \u202bb\u202c c"),
        ("\u2068a \u202eb\u202c c\u2069", "\u2068a b c\u2069"),
        ("\u2066a \u202ab\u2069 c", "a b c"),
        ("\u200ea\u200f", "\u200ea\u200f"),
        ("a &#8238;b", "a b"),
    ],
)
def test_marks_of_direction_are_kept_in_pairs_and_overrides_never(text, cleaned):
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned
