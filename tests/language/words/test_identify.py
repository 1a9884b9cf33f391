import json

import pytest

from servanda.language.words.identify import identify

UN = ["ar", "en", "es", "fr", "ru", "zh"]
SENTENCES = {
    "ar": "التصديق على البروتوكول الاختياري لاتفاقية مناهضة التعذيب",
    "en": "Ratify the Optional Protocol to the Convention against Torture",
    "es": "Ratificar el Protocolo Facultativo de la Convención contra la Tortura",
    "fr": "Ratifier le Protocole facultatif se rapportant à la Convention contre la torture",
    "ru": "Ратифицировать Факультативный протокол к Конвенции против пыток",
    "zh": "批准《禁止酷刑公约任择议定书》",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_each_un_language_is_known(language, text):
    assert identify(text, among=UN) == language


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_a_language_that_the_installation_does_not_have_is_not_guessed(language, text):
    assert identify(text, among=[other for other in UN if other != language]) == ""


def test_the_national_language_counts_only_where_it_is_one_of_the_installation():
    slovene = "Zagotoviti dostop do izobraževanja vsem otrokom romske skupnosti"
    assert identify(slovene, among=["en", "sl"]) == "sl"
    assert identify(slovene, among=["en", "fr"]) == ""


def test_neighbours_in_one_script_are_told_apart():
    assert identify("Забезпечити доступ до освіти для всіх дітей", among=["ru", "uk"]) == "uk"
    assert identify("Обеспечить доступ к образованию для всех детей", among=["ru", "uk"]) == "ru"


def test_symbols_in_latin_letters_do_not_hide_the_language():
    assert identify("٣٠- تكرر اللجنة توصيتها السابقة (انظر CRC/C/COD/CO/2)", among=UN) == "ar"
    assert identify("委员会重申先前的建议(CRC/C/COD/CO/2)，并促请缔约国", among=UN) == "zh"


@pytest.mark.parametrize("text", ["", "CEDAW", "A/HRC/59/15", "140.10", "?!", "OP-CAT; ICRMW", "\0"])
def test_too_little_text_has_no_language(text):
    assert identify(text, among=UN) == ""


@pytest.mark.parametrize("among", [[], ["xx"], ["mt"]])
def test_languages_that_nobody_can_identify_give_no_answer(among):
    assert identify(SENTENCES["en"], among=among) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Україна має забезпечити права людини та доступ до освіти в усіх регіонах",
        "Комитетът препоръчва на държавата да осигури правата на детето",
        "Комитет препоручује држави да обезбеди права детета",
        "Комитет мемлекетке балалардың құқықтарын қамтамасыз етуді ұсынады",
        "کمیته به دولت توصیه می‌کند که حقوق کودک و دسترسی به آموزش را تضمین کند",
        "کمیٹی ریاست کو سفارش کرتی ہے کہ وہ بچوں کے حقوق کو یقینی بنائے",
        "委員会は締約国に対し子どもの権利を確保するよう勧告する",
    ],
    ids=["uk", "bg", "sr", "kk", "fa", "ur", "ja"],
)
def test_a_neighbour_in_the_same_script_is_not_taken_for_the_one_that_is_known(text):
    assert identify(text, among=UN) == ""


def test_a_paragraph_in_two_languages_is_in_neither():
    english = "The Committee recommends that the State party adopt the law on equality before the end of the year. "
    french = (
        "Le Comité recommande à l’État partie d’adopter la loi sur l’égalité des personnes avant la fin de l’année. "
    )
    arabic = "توصي اللجنة الدولة الطرف بأن تكفل حقوق الطفل وأن تعتمد التدابير "
    assert identify(english * 2 + french * 2, among=UN) == ""
    assert identify(arabic + english[:30], among=UN) == ""
    assert identify(english * 4, among=UN) == "en"
    assert identify(french * 4, among=UN) == "fr"


def test_real_texts_are_identified(shared_data):
    with (shared_data / "recs/uhri_818_six_languages/raw_api_records.jsonl").open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    for language in UN:
        answers = [identify(record[language], among=UN) for record in records]
        assert answers.count(language) >= 0.995 * len(records), language
        assert len(records) - answers.count(language) - answers.count("") <= 1, language  # one "ru" text is in French
