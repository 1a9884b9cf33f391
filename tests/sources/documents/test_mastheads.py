"""What the masthead of a document tells: its kind, its symbol, the respondent, its own day; States are invented."""

import datetime

import pytest

from servanda.language.documents.units import Block
from servanda.sources.documents.reader import read_document
from servanda.sources.documents.recognition import read_cover
from servanda.sources.printed.states import folded_names

NAMES = {
    "Testland": "TST",
    "Testlande": "TST",
    "Testlandia": "TST",
    "تستلاند": "TST",
    "Norlandia": "NRL",
    "Norlandie": "NRL",
    "نورلانديا": "NRL",
    "المرجانية": "MRJ",
    "Marjania": "MRJ",
    "Ostovar": "OST",
}
COURT = "EUROPEAN COURT OF HUMAN RIGHTS"


def cover(*rows: str, furniture: str = ""):
    return read_cover([Block(row) for row in rows], furniture, folded_names(NAMES))


@pytest.mark.parametrize(
    ("title", "states"),
    [
        ("CASE OF NORLANDIA v. TESTLAND", ["TST"]),
        ("CASE OF MARJANIA AND NORLANDIA v. TESTLAND", ["TST"]),
        ("CASE OF A AND OTHERS v. TESTLAND AND NORLANDIA", ["TST", "NRL"]),
        ("CASE OF A v. MARJANIA, TESTLAND AND NORLANDIA", ["MRJ", "TST", "NRL"]),
        ("Norlandia Broadcasting Ltd v the Republic of Testland", ["TST"]),
        ("AFFAIRE NORLANDIE CONTRE TESTLANDE", ["TST"]),
        ("Affaire Ligue de Norlandie c. Testlande et Norlandie", ["TST", "NRL"]),
        ("CASO PUEBLO DE NORLANDIA VS. TESTLANDIA", ["TST"]),
        ("Caso X Vs. la República de Testlandia", ["TST"]),
        ("قضية رابطة نورلانديا ضد تستلاند", ["TST"]),
        ("قضية س ضد جمهورية المرجانية", ["MRJ"]),
        ("Norlandia Lawyers (Norlandia) v The Kingdom of Testland", ["TST"]),
        ("CASE OF A v. THE UNITED REPUBLIC OF OSTOVAR", ["OST"]),
        ("L’affaire A c. l’Ostovar", ["OST"]),
    ],
)
def test_the_respondent_stands_behind_the_v_and_the_applicant_is_never_the_state(title, states):
    found = cover(COURT, title, "(Application no. 123/08)")
    assert found.states == states
    assert found.state == states[0]


def test_a_respondent_on_a_row_of_its_own_is_found():
    rows = ("AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS", "IN THE MATTER OF", "NORLANDIA JURISTS", "V.", "TESTLAND")
    assert cover(*rows).states == ["TST"]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("Concluding observations on the fifth periodic report of Testland", "TST"),
        ("Observations finales concernant le rapport de la Testlande", "TST"),
        ("الملاحظات الختامية بشأن التقرير الدوري الخامس للمرجانية", "MRJ"),
        ("Report of the Special Rapporteur on housing on her visit to Testland", "TST"),
        ("تقرير المقررة الخاصة عن زيارتها إلى تستلاند", "TST"),
        ("Testland: visit 2023", "TST"),
        ("Minutes of the ministry, meeting held in Norlandia at the 3rd session", ""),
    ],
)
def test_the_title_tells_the_state_and_the_place_of_a_meeting_does_not(row, state):
    assert cover("Done in Norlandia, 3 May 2022", row).state == state


@pytest.mark.parametrize(
    ("rows", "furniture", "symbol"),
    [
        (
            ["CCPR/C/TST/CO/5", "Concluding observations on the report of Testland (CCPR/C/TST/5)"],
            "",
            "CCPR/C/TST/CO/5",
        ),
        (["Concluding observations on the report of Testland (CCPR/C/TST/5)"], "", ""),
        (["Note of the ministry", "See CCPR/C/NRL/CO/5 on this."], "", ""),
        (["Concluding observations on Testland", "CERD/C/TST/CO/12"], "CERD/C/TST/CO/1", "CERD/C/TST/CO/12"),
        (["Concluding observations on Testland"], "CERD/C/TST/CO", ""),
        (["Concluding observations on Testland"], "CERD/C/TST/CO/12\n4 CERD/C/TST/CO/12", "CERD/C/TST/CO/12"),
        (
            [
                "MINISTERS’ DEPUTIES",
                "Decisions",
                "CM/Del/Dec(2021)1398/H46-9",
                "Reference documents",
                "DH-DD(2020)12",
            ],
            "",
            "CM/Del/Dec(2021)1398/H46-9",
        ),
        (["Resolution CM/ResDH(2020)123", "A against Testland"], "", "CM/ResDH(2020)123"),
        (["12/99-14/99 Testland Press Council / Testland"], "", "Communication 12/99-14/99"),
        (["Communication No. 313/05 – A v. Testland"], "", "Communication 313/05"),
        (
            ["COUR EUROPÉENNE DES DROITS DE L’HOMME", "AFFAIRE A c. TESTLANDE", "(Requêtes nos 12/08 et 13/08)"],
            "",
            "Application No. 12/08, 13/08",
        ),
        (
            ["European Committee of Social Rights", "A v. Testland", "Complaint No. 205/2022"],
            "",
            "Complaint No. 205/2022",
        ),
        (
            [
                "CORTE INTERAMERICANA DE DERECHOS HUMANOS",
                "CASO A VS. TESTLANDIA",
                "Cfr. Caso B Vs. Norlandia. Sentencia de 3 de mayo de 1990. Serie C No. 4.",
            ],
            "",
            "",
        ),
    ],
)
def test_the_symbol_is_that_of_the_document_and_never_of_a_citation_or_a_head_that_is_cut_off(
    rows, furniture, symbol
):
    assert cover(*rows, furniture=furniture).symbol == symbol


def test_a_symbol_that_is_cited_tells_no_state():
    assert cover("Note on CCPR/C/NRL/CO/5", "Ministry of Justice of Testland").state == "TST"


@pytest.mark.parametrize(
    "rows",
    [
        (COURT, "CASE OF A v. TESTLAND", "JUDGMENT", "STRASBOURG", "5 July 2022", "Heard on 3 May 2021"),
        (COURT, "CASE OF A v. TESTLAND", "Hearing: 3 May 2021", "JUDGMENT", "5 July 2022", "Final on 5 October 2022"),
        ("CORTE INTERAMERICANA DE DERECHOS HUMANOS", "CASO A VS. TESTLANDIA", "SENTENCIA DE 5 DE JULIO DE 2022"),
        ("INTER-AMERICAN COURT OF HUMAN RIGHTS", "CASE OF A v. TESTLAND", "JUDGMENT OF JULY 5, 2022"),
        ("COUR EUROPÉENNE DES DROITS DE L’HOMME", "AFFAIRE A c. TESTLANDE", "ARRÊT", "STRASBOURG", "5 juillet 2022"),
        (
            "AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS",
            "A v. TESTLAND",
            "Application filed on 3 May 2019",
            "Done at Arusha, this fifth day of July in the year two thousand and twenty-two.",
        ),
        (
            "المحكمة الأفريقية لحقوق الإنسان والشعوب",
            "س ضد تستلاند",
            "أودعت الدعوى في 3 أيار/مايو 2019",
            "حكم",
            "5 جويلية 2022",
        ),
        (
            "12/99 Testland Press Council / Testland",
            "The complaint was received on 3 May 1999.",
            "Done in Banjul at the 52nd Ordinary Session, held from 1 to 5 July 2022.",
        ),
        (
            "12/99 Testland Press Council / Testland",
            "11. It was considered at its 33rd Ordinary Session held from 1st to "
            "5th July 2022 in Banjul and declared inadmissible by the Commission.",
            "Taken at the 33rd Ordinary Session, July 2022.",
        ),
        (
            "European Committee of Social Rights",
            "Adoption: 5 July 2022",
            "Notification: 8 August 2022",
            "A v. Testland",
        ),
        (
            "CCPR/C/TST/CO/5",
            "Distr.: General",
            "5 July 2022",
            "It considered the report at its meetings on 3 May 2022.",
        ),
        (
            "CCPR/C/130/D/28/2016",
            "Distr.: General",
            "8 August 2022",
            "Views adopted by the Committee",
            "Date of communication: 3 May 2016",
            "Date of adoption of Views: 5 July 2022",
        ),
        ("CCPR/C/TST/CO/5", "Distr.: General", "5 تموز/يوليه 2022", "الملاحظات الختامية"),
    ],
)
def test_the_day_is_that_of_the_document_itself(rows):
    assert cover(*rows).adopted == datetime.date(2022, 7, 5)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((COURT, "CASE OF A v. TESTLAND"), "ecthr"),
        (("GRAND CHAMBER", "CASE OF A v. TESTLAND", "(Applications nos. 12/08 and 13/08)"), "ecthr"),
        (
            (
                "AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS",
                "African Commission on Human and Peoples’ Rights v. Testland",
            ),
            "afchpr",
        ),
        (("12/99 Testland Press Council / Testland",), "achpr-decision"),
        (
            ("AFRICAN COMMISSION ON HUMAN AND PEOPLES’ RIGHTS", "Communication 313/05 – A v. Testland"),
            "achpr-decision",
        ),
        (("اللجنة الأفريقية لحقوق الإنسان والشعوب", "البلاغ رقم 313/05 - س ضد تستلاند"), "achpr-decision"),
        (
            (
                "African Commission on Human and Peoples’ Rights",
                "Concluding Observations and Recommendations on Testland",
            ),
            "achpr",
        ),
        (("MINISTERS’ DEPUTIES", "Notes on the Agenda", "CM/Notes/1398/H46-9"), "cm-notes"),
        (("DÉLÉGUÉS DES MINISTRES", "Décisions"), "cm-decision"),
        (("Human Rights Committee", "Views adopted by the Committee under article 5 (4)"), "views"),
        (("Summary of stakeholders’ submissions on Testland",), "summary"),
        (("Executive summary", "The CPT visited Testland."), "summary"),
        (("CORTE INTERAMERICANA DE DERECHOS HUMANOS", "RESUMEN OFICIAL EMITIDO POR LA CORTE"), "summary"),
        (("موجز لورقات المعلومات المقدمة من أصحاب المصلحة بشأن تستلاند",), "summary"),
        (("Questions addressed to Testland by the Advisory Committee on the Framework Convention",), "questionnaire"),
        (("Case of A v. Testland (application no. 12345/16): questions to the authorities",), "questionnaire"),
        (("Liste de thèmes concernant le rapport de Testland",), "list-of-issues"),
        (("Advance questions to Testland",), "advance-questions"),
        (("Minutes of the board", "The board read CCPR/C/NRL/CO/5."), "other"),
    ],
)
def test_the_masthead_tells_the_kind_of_document(rows, code):
    assert cover(*rows).family.code == code


@pytest.mark.parametrize(
    ("court", "name"),
    [
        ("EUROPEAN COURT OF HUMAN RIGHTS", "CASE OF A v. TESTLAND"),
        ("COUR EUROPÉENNE DES DROITS DE L’HOMME", "AFFAIRE A c. TESTLANDE"),
        ("CORTE INTERAMERICANA DE DERECHOS HUMANOS", "CASO A Y OTROS VS. MARJANIA"),
        ("AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS", "THE MATTER OF A v. UNITED REPUBLIC OF OSTOVAR"),
    ],
)
def test_the_title_of_a_judgment_is_the_name_of_the_case(court, name):
    assert cover(court, "SECOND SECTION", name, "(Application no. 12/08)", "JUDGMENT").title == name


def test_parties_in_rows_of_their_own_leave_the_title_of_the_court():
    rows = ("AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS", "IN THE MATTER OF", "A", "V.", "TESTLAND", "JUDGMENT")
    assert cover(*rows).title == rows[0]


def test_the_title_is_the_row_with_the_words_and_not_that_of_the_symbol():
    """A masthead in a table has the name of the publisher and the symbol in one row."""
    title = "List of themes in relation to the report of Testland"
    assert cover("United Nations CERD/C/TST/Q/20-22", title).title == title
    assert (
        cover("关于老年人权利的调查问卷", "请于2026年1月31日前将答复发送至电子邮箱。答复不应超过五页。").title
        == "关于老年人权利的调查问卷"
    )


def reading(tmp_path, *rows: str):
    path = tmp_path / "a.txt"
    path.write_text("\n\n".join(rows))
    return read_document(path, country_names=NAMES)


def test_what_others_recommended_in_a_summary_is_no_recommendation(tmp_path):
    found = reading(
        tmp_path,
        "Summary of stakeholders’ submissions on Testland",
        "1. JS1 recommended that the State ratify the Protocol.",
        "2. The Committee urged the State party to act, and HRW recommends that it release all detainees.",
    )
    assert {unit.kind.value for unit in found.units} == {"information"}
    assert any("Documents of this kind do not usually contain recommendations" in note for note in found.notes)


def test_what_the_parties_ask_for_before_the_views_is_no_recommendation(tmp_path):
    found = reading(
        tmp_path,
        "Views adopted by the Committee under article 5 (4) of the Optional Protocol",
        "State party: Testland",
        "1. The author urges the Committee to recommend that the State party release him.",
        "2. The Committee, acting under article 5 (4), is of the view that the facts disclose a violation.",
        "3. The State party is under an obligation to release the author.",
    )
    assert [unit.kind.value for unit in found.units] == ["information", "information", "recommendation"]
    assert found.state == "TST"


def test_a_case_against_several_states_says_so(tmp_path):
    found = reading(
        tmp_path, COURT, "CASE OF A v. TESTLAND AND NORLANDIA", "FOR THESE REASONS, THE COURT", "1. Holds it."
    )
    assert any("TST, NRL" in note for note in found.notes)


def test_points_of_the_deputies_say_who_asks(tmp_path):
    found = reading(
        tmp_path,
        "MINISTERS’ DEPUTIES",
        "A v. Testland (Application No. 12/08)",
        "The Deputies",
        "1. noted with interest the new law;",
        "2. invited the authorities to apply it.",
    )
    assert [unit.whole for unit in found.units][1] == "The Deputies invited the authorities to apply it."
    assert [unit.kind.value for unit in found.units] == ["information", "recommendation"]


def test_a_masthead_without_empty_lines_gives_the_same_facts(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(
        "Naciones Unidas\nE/C.12/TST/CO/4\nConsejo Económico y Social\nDistr. general\n14 de noviembre de 2019\n"
        "Observaciones finales sobre el cuarto informe periódico de Testlandia\n\n1. El Comité lo examinó.\n\n"
        "2. El Comité recomienda al Estado parte que adopte una ley.\n"
    )
    found = read_document(path, country_names=NAMES)
    assert (found.symbol, found.state, str(found.adopted)) == ("E/C.12/TST/CO/4", "TST", "2019-11-14")


AMERICAN = ("CORTE INTERAMERICANA DE DERECHOS HUMANOS", "CASO A Y OTROS VS. TESTLANDIA")
FACTS_OF_2008 = "1. Los hechos ocurrieron el 27 de julio de 2008 en la capital, según lo que consta en el expediente."
OPINION = "Caso B y otros Vs. Norlandia. Fondo, Reparaciones y Costas. Sentencia de 4 de septiembre de 2008."


@pytest.mark.parametrize(
    "rows",
    [
        (*AMERICAN, "SENTENCIA DE 4 DE", "DICIEMBRE DE 2025", "(Fondo, Reparaciones y Costas)", FACTS_OF_2008),
        (
            *(*AMERICAN, FACTS_OF_2008, "Redactada en español en San José, Costa Rica, el 4 de diciembre de 2025."),
            *["El presente voto explica por qué la mayoría debió considerar otros hechos del caso."] * 200,
        ),
        (
            *(*AMERICAN, FACTS_OF_2008, "Redactada en español en San José, Costa Rica, el 4 de diciembre de 2025."),
            *(
                "VOTO CONCURRENTE",
                "Cfr. Corte IDH. " + OPINION,
                "Corte IDH. " + OPINION,
                "Serie C No. 536, párr. 12.",
            ),
        ),
        (*AMERICAN, FACTS_OF_2008, "Corte IDH. Caso A y otros Vs. Testlandia. Sentencia de 4 de diciembre de 2025."),
    ],
)
def test_a_judgment_has_the_day_that_it_names_not_one_of_its_facts_or_of_a_cited_judgment(rows):
    assert cover(*rows).adopted == datetime.date(2025, 12, 4)


def test_a_judgment_that_names_no_day_has_none():
    assert cover(*AMERICAN, FACTS_OF_2008).adopted is None


@pytest.mark.parametrize(
    "closing",
    [
        "Done at Arusha, this Fourth Day of the month of December in the Year of Two Thousand and Twenty-Five.",
        "Done at Arusha on this Fourth Day of the Month of December in the Year Twenty Twenty-Five, in Arabic.",
        "Done at Arusha, this 4th Day of December in the Year Two Thousand and Twenty- Five in English and French.",
        "Fait à Arusha, ce quatrième jour du mois de décembre de l’an deux mille vingt-cinq, en français.",
    ],
)
def test_a_day_in_words_of_a_closing_formula_is_read(closing):
    rows = (
        "AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS",
        "NORLANDIA JURISTS V. TESTLAND",
        "1. Lodged on 2 June 2008.",
    )
    assert cover(*rows, closing).adopted == datetime.date(2025, 12, 4)
