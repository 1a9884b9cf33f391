"""Lists of questions: what is a number, what belongs to a question, what asks nothing, and its articles."""

import string

import pytest

from servanda.language.documents.articles import articles_in_heading, articles_in_question
from servanda.language.documents.question_lists import question_units
from servanda.language.documents.segments import closes_bracket
from servanda.language.documents.units import Block


def read(*rows: str) -> list[tuple[str, str, str]]:
    return [(unit.number, str(unit.kind), unit.text) for unit in question_units([Block(row) for row in rows])]


def test_a_number_that_does_not_follow_belongs_to_the_sentence():
    units = read("1. Please describe the use of section", "3. of the Act on Asylum.", "2. What else was done?")
    assert [number for number, _kind, _text in units] == ["1", "2"]
    assert units[0][2] == "Please describe the use of section\n3. of the Act on Asylum."


def test_the_end_of_a_bracket_of_a_heading_is_no_number_of_a_question():
    rows = ("Legal framework of the Covenant (art.", "2)", "1. What is done?", "2. How is it measured?")
    assert [number for number, _kind, _text in read(*rows)] == ["1", "2"]
    [first, *_rest] = question_units([Block(rows[0], is_heading=True), *map(Block, rows[1:])])
    assert (first.number, first.articles) == ("1", "2")


@pytest.mark.parametrize(
    ("above", "line", "ends"),
    [
        ("Framework (art.", "2)", True),
        ("Рамки (статьи 2, 19,", "20 и 26)", True),
        ("框架（第二", "条）", True),
        ("Framework (art. 2)", "2)", False),
        ("Framework (art.", "9) With reference to the observations (para. 2), please describe", False),
        ("Framework", "2)", False),
    ],
)
def test_a_line_ends_the_bracket_above_it_and_no_more(above, line, ends):
    assert closes_bracket(above, line) is ends


def test_items_and_further_paragraphs_are_lines_of_their_question():
    units = read("1. Please provide data on:", "(a) Complaints;", "(b) Judgments.", "2. How is this measured?")
    assert units[0] == ("1", "question", "Please provide data on:\n(a) Complaints;\n(b) Judgments.")


@pytest.mark.parametrize(
    "row",
    [
        "1. The Committee may take up all aspects of the rights of the child during the dialogue.",
        "1. Les réponses ne doivent pas dépasser 10 700 mots.",
        "1. El Comité podrá abordar durante el diálogo todos los aspectos.",
        "1. 委员会可在对话期间讨论所有方面。",
    ],
)
def test_a_paragraph_on_the_procedure_asks_nothing(row):
    assert read(row, "2. What was done?")[0][1] == "information"


@pytest.mark.parametrize(
    "row",
    [
        "Proporciónense datos estadísticos sobre:",
        "A la luz de esa información, indíquense las medidas adoptadas.",
        "Facilítese información sobre la participación de la mujer.",
        "Aclárese la jerarquía de las normas y respóndase a las denuncias.",
        "Descríbanse las leyes.",
        "Répondre aux allégations de surpopulation.",
    ],
)
def test_what_is_to_be_told_is_asked_for_without_the_word_please(row):
    assert [kind for _number, kind, _text in read(f"1. {row}", "2. What was done?")] == ["question", "question"]


def test_a_reply_that_is_due_on_a_day_is_an_obligation():
    row = "1. The State party is requested to submit its replies in writing by 1 October 2026."
    assert read(row, "2. What was done?")[0][1] == "obligation"


@pytest.mark.parametrize(
    "row",
    [
        "2. Señale los principales obstáculos a la participación.",
        "2. In addition, the State party may list areas that it considers to be of priority.",
    ],
)
def test_a_numbered_sentence_behind_a_question_asks_too(row):
    units = read("1. What was done?", row, "3. What is planned?", "4. The Committee may take up other matters.")
    assert [kind for _number, kind, _text in units] == ["question", "question", "question", "information"]


def test_a_title_with_a_number_behind_a_question_asks_nothing():
    units = read("1. What was done?", "2. Good practices", "3. What is planned?")
    assert [number for number, kind, _text in units if kind == "question"] == ["1", "3"]


def test_each_theme_of_a_list_of_themes_is_a_question():
    rows = ("1. The present document contains a list of themes.", "2. Measures taken to amend the definition.")
    units = question_units([Block(row) for row in rows], of_themes=True)
    assert [(unit.number, str(unit.kind)) for unit in units] == [("1", "information"), ("2", "question")]


@pytest.mark.parametrize("number", ["", "1."])
def test_a_numbered_heading_is_no_question_and_the_numbers_go_on(number):
    """Committees number the groups of articles and, from one end of the list to the other, the questions."""
    rows = [Block(f"Please provide data on subject {place}.", f"{place}.") for place in range(1, 7)]
    rows += [Block("B. Information relating to the articles"), Block("1. General principles (arts. 2 and 3)")]
    rows += [Block("Please describe the law.", "7."), Block("2. Definition of the child (art. 1)")]
    rows += [Block("Please clarify the minimum age.", "8.")]
    if number:
        rows = [Block(f"{row.number} {row.text}".strip()) for row in rows]
    units = question_units(rows)
    assert [unit.number for unit in units] == [str(place) for place in range(1, 9)]
    assert [unit.articles for unit in units][6:] == ["2, 3", "1"]


def test_a_numbered_heading_with_the_number_of_the_next_question_is_none():
    rows = ("1. What was done?", "2. What is planned?", "3. Principles (art. 2)", "3. Please describe the law.")
    assert [(number, kind) for number, kind, _text in read(*rows)] == [
        ("1", "question"),
        ("2", "question"),
        ("3", "question"),
    ]


def test_a_long_printed_heading_ends_the_question_above():
    heading = (
        "Prohibition of torture and other cruel, inhuman or degrading treatment or punishment, liberty and security "
        "of person, and treatment of persons deprived of their liberty (arts. 6, 7, 9, 10 and 14)"
    )
    rows = [Block("1. What was done?"), Block(heading, is_heading=True), Block("2. What is planned?")]
    [first, second] = question_units(rows)
    assert (first.text, second.articles) == ("What was done?", "6, 7, 9, 10, 14")


def test_questions_with_capital_letters_begin_again_in_each_chapter():
    rows = ("II. Policies", "A. Please provide details.", "B. Please indicate the funds.")
    units = read(*rows, "III. Prevention", "A. Please describe the campaigns.")
    assert [number for number, _kind, _text in units] == ["A", "B", "A"]


def test_a_chapter_with_a_letter_is_no_question():
    units = read("A. General information", "1. Please provide details.", "B. Rights", "2. Please describe the law.")
    assert [number for number, _kind, _text in units] == ["1", "2"]


def test_paragraphs_below_a_state_without_marks_are_its_questions():
    rows = ("NORWELL", "What was done?", "We commend the Act. How is it applied?", "PELAGIA", "- When was it?")
    units = question_units([Block(row) for row in rows], state_of=lambda line: line[:3] if line.isupper() else "")
    assert [(unit.asked_by, unit.number, unit.text) for unit in units] == [
        ("NOR", "1", "What was done?"),
        ("NOR", "2", "We commend the Act. How is it applied?"),
        ("PEL", "1", "When was it?"),
    ]


def test_questions_behind_a_page_without_text_are_questions_of_their_own():
    rows = ("1. What was done?", "2. What is planned?", "30. What is next?", "31. Please describe it.")
    assert [number for number, _kind, _text in read(*rows)] == ["1", "2", "30", "31"]


def test_a_question_mark_of_full_width_ends_a_question():
    units = read("1. 采取了哪些措施？", "第二部分", "2. 请说明时间表。")
    assert [text for _number, _kind, text in units] == ["采取了哪些措施？", "请说明时间表。"]


def test_a_date_below_the_title_is_no_question_of_a_state():
    rows = (
        "ADVANCE QUESTIONS TO TESTLAND",
        "Generated on 22 January 2025.",
        "NORWELL",
        "What was done?",
        "We hope so.",
    )
    state_of = {"NORWELL": "NOR"}.get
    units = question_units([Block(row) for row in rows], state_of=lambda line: state_of(line, ""))
    assert [(str(unit.kind), unit.text) for unit in units] == [
        ("question", "What was done?"),
        ("information", "We hope so."),
    ]


def test_the_council_that_asks_a_mandate_for_a_report_asks_the_state_nothing():
    units = read("1. 理事会在第51/10号决议中请任务负责人编写一份报告。", "2. 请说明采取了哪些措施。")
    assert [kind for _number, kind, _text in units] == ["information", "question"]


def test_what_the_committee_adopted_may_be_asked_about():
    sentence = "Please describe how the Views that the Committee adopted were implemented."
    assert read(f"1. {sentence}", "2. What was done?")[0][1] == "question"


def test_a_numbered_heading_above_the_first_question_is_none():
    assert read("1. General information", "1. Please describe the law.", "2. What was done?")[0] == (
        *("1", "question", "Please describe the law."),
    )


def test_a_footnote_that_only_cites_a_paragraph_is_no_text_of_a_question():
    units = read("1. What was done?", "2. CAT/C/XYZ/CO/3, párr. 9.", "2. What is planned?")
    assert units == [("1", "question", "What was done?"), ("2", "question", "What is planned?")]


def test_numbered_instructions_are_no_questions():
    units = read("How to submit", "1. Please send your submission by e-mail.", "Key questions", "1. What was done?")
    assert [kind for _number, kind, _text in units] == ["information", "question"]


@pytest.mark.parametrize(
    "heading",
    [
        "A. Purpose and general obligations (arts. 1–4)",
        "II. Definition and criminalization of enforced disappearance (arts. 1–7)",
        "B. Definition of the child (art. 1)",
        "Definition of discrimination against women",
        "Treatment of persons deprived of their liberty (arts. 7, 9 and 10)",
        "Treatment of aliens, including refugees and asylum seekers",
        "Context of conflict and women, peace and security",
        "Introduction of a national preventive mechanism",
        "Confidentiality of communications",
        "Publication and dissemination of information",
        "Definition and collection of data",
        "Objectives of education and information",
        "A. Objet et obligations générales (art. 1 à 4)",
        "Définition et incrimination de la disparition forcée (art. 1 à 7)",
        "Traitement des personnes privées de liberté (art. 7, 9 et 10)",
        "Traitement des étrangers",
        "A. Propósito y obligaciones generales (arts. 1 a 4)",
        "Definiciones de la tortura en el Código Penal",
        "Tratamiento de las personas privadas de libertad",
        "A. Цель и общие обязательства (статьи 1–4)",
        "Определение ребенка (статья 1)",
        "Сроки содержания под стражей",
        "ألف- الغرض والالتزامات العامة (المواد 1-4)",
        "معاملة الأشخاص المحرومين من حريتهم",
        "A. 宗旨和一般义务(第一至第四条)",
        "背景调查和任命法官",
        "定义和将强迫失踪定为犯罪(第一至第七条)",
    ],
)
def test_a_heading_of_substance_has_questions_below(heading):
    question = "1. What was done?" if heading[0] in string.printable else "1. 请提供资料。"
    [(_number, kind, _text), _second] = read(heading, question, "2. How is it measured?")
    assert kind == "question"


@pytest.mark.parametrize(
    "heading",
    [
        "Background",
        "I. Background and purpose",
        "Purpose of the questionnaire",
        "Objectives of this call for input",
        "Definitions",
        "Definitions of terms",
        "Context and objectives:",
        "Submission of inputs",
        "Deadline for submissions",
        "Background information",
        "Treatment of inputs and comments received",
        "Treatment of personal data",
        "Confidentiality and publication",
        "Objet du questionnaire",
        "Contexte et objectif",
        "Traitement des contributions",
        "Antecedentes y objetivo",
        "Plazo de presentación",
        "Definiciones",
        "Цель опросника",
        "Порядок представления ответов",
        "معلومات أساسية",
        "الغرض من الاستبيان",
        "背景",
        "问卷目的",
        "提交方式和截止日期",
    ],
)
def test_below_a_heading_about_the_procedure_nothing_is_asked(heading):
    units = read(heading, "1. Which laws apply?", "II. Key questions", "1. What was done?")
    assert [kind for _number, kind, _text in units] == ["information", "question"]


@pytest.mark.parametrize(
    "behind",
    [
        ("* Adopted by the pre-sessional working group on 9 February 2026.",),
        ("2. Adopted by the Committee at its 142nd session (14 October–7 November 2024).",),
        ("1. 委员会第一四二届会议(2024年10月14日至11月7日)通过。",),
        ("* Adoptée par le groupe de travail de présession (4-8 mars 2026).",),
        ("* Aprobada por el grupo de trabajo el 1 de marzo de 2026.",),
        ("1 CAT/C/OST/CO/4.", "2 The issues raised under article 2 could also touch on other articles."),
        ("Part III", "Data, statistics and other information, if available", "3. Please provide data."),
        ("Partie III", "Données statistiques", "3. Fournir des données."),
        ("How inputs will be used", "Inputs will be published on the website."),
        ("Next steps", "Inputs may be sent by e-mail."),
    ],
)
def test_a_question_ends_before_footnotes_parts_and_instructions(behind):
    rows = ("1. Please provide data on:", "(a) Complaints;", "(b) Judgments.", *behind)
    [found] = [text for number, _kind, text in read(*rows) if number == "1"]
    assert found == "Please provide data on:\n(a) Complaints;\n(b) Judgments."


def test_numbers_of_two_levels_stand_below_their_title():
    units = question_units([Block("1. Legal framework"), Block("1.1. Which laws apply?"), Block("1.2. Since when?")])
    assert [(unit.number, unit.headings) for unit in units] == [
        ("1.1", ("Legal framework",)),
        ("1.2", ("Legal framework",)),
    ]


def test_rows_of_a_table_give_number_and_question_and_not_the_reply():
    units = read("No.\tQuestion\tReply", "1.\tWhich laws apply?\tThe Act.", "2.\tSince when?\t")
    assert [(number, text) for number, _kind, text in units] == [("1", "Which laws apply?"), ("2", "Since when?")]


@pytest.mark.parametrize(
    ("heading", "articles"),
    [
        ("Non-discrimination (arts. 2, 19, 20 and 26)", "2, 19, 20, 26"),
        ("Administration of justice (arts. 37 (b)–(d) and 40)", "37 (b)–(d), 40"),
        ("Articles 12 and 13", "12, 13"),
        ("Violencia (arts. 19, 24, párr. 3, 28, párr. 2, 34, 37 a) y 39)", "19, 24 (3), 28 (2), 34, 37 (a), 39"),
        ("La Convention dans le droit interne (art. 1er, 2 et 4)", "1, 2, 4"),
        ("Santé (art. 6, 24, par. 3, et 33)", "6, 24 (3), 33"),
        ("Недискриминация (пункт 2 статьи 2)", "2"),
        ("Права (пункты 1 и 3 статей 9 и 14)", "9, 14"),
        ("B. 具体权利(第五至第三十条) 平等和不歧视(第五条)", "5"),
        ("Artículos 1 a 4", "1–4"),
        ("عدم التمييز (المواد 2 و19 و20 و26)", "2, 19, 20, 26"),
        ("不歧视(第二条、第十九条和第二十六条)", "2, 19, 26"),
        ("男女平等和性别暴力(第二、第三、第六、第七和第二十六条)", "2, 3, 6, 7, 26"),
        ("宗旨和一般义务(第一至第四条)", "1–4"),
        ("不歧视(第2至5条和第26条)", "2–5, 26"),
        ("Children in street situations", ""),
    ],
)
def test_articles_of_headings_are_read_in_their_languages(heading, articles):
    assert articles_in_heading(heading) == articles


def test_an_article_of_a_law_is_none_of_the_treaty():
    assert articles_in_question("Were sanctions imposed under article 59 of the Criminal Code?") == ""
    assert articles_in_question("What was done (arts. 2 and 26)?") == "2, 26"
