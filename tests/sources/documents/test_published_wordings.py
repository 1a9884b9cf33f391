"""Wordings of published decisions and letters, which no pattern was written for; State and facts are made up."""

from datetime import date

import pytest

from servanda.sources.documents.letters.heads import mandates_of
from servanda.sources.documents.letters.units import is_urgent
from servanda.sources.documents.reader import read_document

COURT_IN_SPANISH = """CORTE INTERAMERICANA DE DERECHOS HUMANOS
CASO PRIMERO Y OTRA VS. TESTLANDIA
SENTENCIA DE 26 DE AGOSTO DE 2021
XI PUNTOS RESOLUTIVOS
208. Por tanto,
LA CORTE
DECLARA,
Por unanimidad, que:
1. El Estado es responsable por la violación del derecho a la integridad personal.
Y DISPONE:
Por unanimidad, que:
2. El Estado realizará las publicaciones indicadas en el párrafo 178, en el plazo de seis meses contado a partir de \
la notificación de la presente Sentencia.
3. El Estado rendirá al Tribunal un informe, dentro del plazo de un año contado a partir de la notificación de la \
Sentencia, sobre las medidas adoptadas para cumplir con la misma."""
COURT_IN_ENGLISH = """INTER-AMERICAN COURT OF HUMAN RIGHTS
CASE OF FIRST ET AL. V. TESTLAND
JUDGMENT OF JULY 15, 2020
XI OPERATIVE PARAGRAPHS
321. Therefore,
THE COURT
DECLARES,
by five votes to one, that:
1. The State is responsible for the violation of the right to life, pursuant to paragraphs 115 to 139.
AND ESTABLISHES:
Unanimously, that:
2. This judgment constitutes, per se, a form of reparation.
3. The State shall reimburse the Victims’ Legal Assistance Fund, within 90 days, the amount disbursed.
4. The State, within one year of notification of this judgment, shall provide the Court with a report on the \
measures taken to comply with it, without prejudice to the provisions of paragraph 281."""
PROVISIONAL_MEASURES = """ORDER OF THE INTER-AMERICAN COURT OF HUMAN RIGHTS
OF SEPTEMBER 4, 2023
PROVISIONAL MEASURES WITH REGARD TO TESTLAND
THEREFORE:
THE INTER-AMERICAN COURT OF HUMAN RIGHTS,
DECIDES TO:
1. Require the State to proceed to the immediate release of the beneficiaries.
2. Require the State to report to the Inter-American Court, by September 20, 2023, on the measures taken to comply \
with this Order.
3. Require the beneficiaries or their representatives to present their observations within one week.
4. Require the Secretariat of the Court to notify this Order to the State."""
JUST_SATISFACTION = """FIRST SECTION
CASE OF FIRST v. TESTLAND
(Application no. 5235/18)
JUDGMENT
STRASBOURG
17 October 2024
FOR THESE REASONS, THE COURT, UNANIMOUSLY,
1. Declares the application admissible;
2. Holds
(a) that the respondent State is to pay the applicant, within three months from the date on which the judgment \
becomes final in accordance with Article 44 § 2 of the Convention, the following amounts:
(i) EUR 7,800 (seven thousand eight hundred euros), plus any tax that may be chargeable, in respect of \
non-pecuniary damage;
(ii) EUR 3,000 (three thousand euros), plus any tax that may be chargeable, in respect of costs and expenses;
3. Dismisses the remainder of the applicant’s claim for just satisfaction."""
VIEWS_ON_DISABILITY = """United Nations CRPD/C/27/D/490/2018
Committee on the Rights of Persons with Disabilities
Views adopted by the Committee under article 5 of the Optional Protocol, concerning communication No. 490/2018
Date of adoption of views: 31 August 2022
10. The author asks that the State party should pay damages within two months.
11. The Committee, acting under article 5 of the Optional Protocol, is of the view that the State party has failed \
to fulfil its obligations under article 19. The Committee therefore makes the following recommendations to the \
State party:
(a) Concerning the author: the State party is under an obligation to:
(i) Provide him with an effective remedy, including compensation for any legal costs;
(ii) Publish the present Views and circulate them widely in accessible formats;
(b) In general: the State party is under an obligation to take measures to prevent similar violations.
12. In accordance with article 5 of the Optional Protocol, the State party should submit to the Committee, within \
six months, a written response, including information on any action taken in the light of the present Views."""
VIEWS_ON_CIVIL_RIGHTS = """United Nations CCPR/C/132/D/9552/2015
Human Rights Committee
Views adopted by the Committee under article 5 (4) of the Optional Protocol, concerning communication No. 9552/2015
Date of adoption of Views: 14 July 2021
8. The Committee, acting under article 5 (4) of the Optional Protocol, is of the view that the facts disclose a \
violation.
9. Pursuant to article 2 (3) (a) of the Covenant, the State party is under an obligation to provide the authors \
with an effective remedy.
10. Bearing in mind that the State party has recognized the competence of the Committee to determine whether there \
has been a violation of the Covenant, the Committee wishes to receive from the State party, within 180 days, \
information about the measures taken to give effect to the Committee’s Views."""
VIEWS_IN_SPANISH = """Naciones Unidas CCPR/C/133/D/9736/2016
Comité de Derechos Humanos
Dictamen aprobado por el Comité a tenor del artículo 5, párrafo 4, del Protocolo Facultativo, respecto de la \
comunicación núm. 9736/2016
Fecha de aprobación del dictamen: 15 de octubre de 2021
10. El Comité, actuando en virtud del artículo 5, párrafo 4, del Protocolo Facultativo, dictamina que los hechos \
ponen de manifiesto una vulneración del artículo 14.
11. El Estado parte tiene la obligación de proporcionar al autor un recurso efectivo.
12. El Comité desea recibir del Estado parte, en un plazo de 180 días, información sobre las medidas que haya \
adoptado para aplicar el presente dictamen."""
VIEWS_ON_WOMEN = """Naciones Unidas CEDAW/C/82/D/990/2019
Comité para la Eliminación de la Discriminación contra la Mujer
Dictamen aprobado por el Comité en virtud del artículo 7, párrafo 3, del Protocolo Facultativo, respecto de la \
comunicación núm. 990/2019
Fecha de aprobación del dictamen: 24 de febrero de 2023
8. Actuando en virtud del artículo 7, párrafo 3, del Protocolo Facultativo, y teniendo en cuenta las \
consideraciones precedentes, el Comité considera que se han violado los derechos de la autora y formula las \
siguientes recomendaciones al Estado parte:
a) En relación con la autora: proporcionar a la autora una reparación integral;
b) En general: capacitar a los profesionales de la salud.
9. De conformidad con el artículo 7, párrafo 4, del Protocolo Facultativo, el Estado parte dará la debida \
consideración a las opiniones del Comité y presentará al Comité, en un plazo de seis meses, una respuesta por \
escrito, que incluya información sobre las medidas adoptadas a la luz del dictamen."""
PRECAUTIONARY_IN_SPANISH = """COMISIÓN INTERAMERICANA DE DERECHOS HUMANOS
RESOLUCIÓN 21/2024
Medida Cautelar No. 9438-23
8 de abril de 2024
V. DECISIÓN
42. La Comisión Interamericana considera que el presente asunto reúne los requisitos contenidos en el artículo 25 \
de su Reglamento. En consecuencia, solicita a Testlandia que:
a) adopte las medidas necesarias para proteger los derechos a la vida e integridad personal;
b) concierte las medidas a implementarse con las personas beneficiarias y/o sus representantes; y
c) investigue los hechos que motivaron la adopción de la presente medida cautelar.
43. La Comisión solicita al Gobierno de Testlandia que informe, dentro del plazo de 15 días, contados a partir de \
la fecha de notificación de la presente resolución, sobre la adopción de las medidas cautelares requeridas.
44. La Comisión resalta que el otorgamiento de medidas cautelares no constituye un prejuzgamiento."""
PRECAUTIONARY_IN_ENGLISH = """INTER-AMERICAN COMMISSION ON HUMAN RIGHTS
RESOLUTION 35/2021
Precautionary Measure No. 9491-21
April 22, 2021
V. DECISION
32. The Inter-American Commission considers that this matter meets the requirements of Article 25 of its Rules of \
Procedure. Consequently, the Commission requests that Testland:
a) adopt the necessary measures to protect the rights to life and personal integrity of the beneficiary;
b) agree on the measures to be adopted with the beneficiary and her representatives; and
c) investigate the alleged facts that led to the adoption of this precautionary measure.
33. The Commission also requests that the Government of Testland kindly inform the Commission within a period of 15 \
days, as from the date of this communication, on the adoption of the precautionary measures that have been agreed \
upon.
34. The Commission emphasizes that the granting of precautionary measures does not constitute a prejudgment."""
MINISTERS = """MINISTERS’ DEPUTIES
Decisions
CM/Del/Dec(2025)1531/H46-31
12 June 2025
Decisions
The Deputies
1. recalling that this group of cases concerns poor conditions of detention;
2. noted with satisfaction the progress achieved by the authorities;
3. strongly encouraged the authorities to adopt without further delay the measures required to end overcrowding;
4. invited the authorities to submit updated information on all outstanding questions before 30 June 2026;
5. decided to resume consideration of this case at their DH meeting in September 2026 at the latest."""
MINISTERS_IN_FRENCH = """DÉLÉGUÉS DES MINISTRES
Décisions
CM/Del/Dec(2024)1507/H46-20
19 septembre 2024
Les Délégués
1. rappellent que ces affaires concernent les mauvaises conditions de détention ;
2. exhortent les autorités à adopter sans tarder une stratégie cohérente à long terme ;
3. invitent les autorités à leur soumettre un bilan d’action actualisé d’ici le 31 mars 2025 au plus tard ;
4. décident de reprendre l’examen de ces affaires lors de leur réunion DH de juin 2025."""
TORTURE = """Report to the Government of Testland on the periodic visit carried out by the European Committee for \
the Prevention of Torture and Inhuman or Degrading Treatment or Punishment (CPT)
CPT/Inf (2017) 99
Strasbourg, 27 September 2017
1. The CPT recommends that the authorities take the necessary measures to ensure access to a lawyer.
2. The CPT requests the authorities to confirm within one month that the net-beds have been withdrawn from service.
3. The CPT would like to be informed, within two months, of the outcome of the inquiry.
4. Having regard to Article 10, paragraph 1, of the Convention, the Committee requests the authorities to provide \
within six months a response giving a full account of action taken to implement them."""


PARTIES = """COMMITTEE OF THE PARTIES
Council of Europe Convention on preventing and combating violence against women and domestic violence
IC-CP/Inf(2021)99
Adopted on 7 December 2021
A. Recommends that the Government of Testland take the following measures identified in GREVIO’s evaluation report:
1. ensure that there is a co-ordinating body with adequate resources (paragraph 45);
2. set up rape crisis centres (paragraph 130);
B. Requests the Government of Testland to report to the Committee of the Parties on the measures taken to improve \
the implementation of the Convention by 7 December 2024."""
MINORITY_LANGUAGES = """COMMITTEE OF MINISTERS
Recommendation CM/RecChL(2024)99 of the Committee of Ministers to member States on the application of the European \
Charter for Regional or Minority Languages by Testland
(Adopted by the Committee of Ministers on 10 April 2024 at the 1495th meeting of the Ministers’ Deputies)
Recommends that the authorities of Testland take account of all the observations and, as a matter of priority:
1. clarify the traditional presence of the languages;
2. strengthen the offer of teaching;
Invites the authorities of Testland to submit the information on these recommendations by 1 March 2026."""
AFRICAN_COURT = """COUR AFRICAINE DES DROITS DE L’HOMME ET DES PEUPLES
AFFAIRE PREMIER c. RÉPUBLIQUE DU TESTLAND
REQUÊTE No 958/2019
ARRÊT
5 SEPTEMBRE 2023
XII. DISPOSITIF
150. Par ces motifs,
LA COUR
À l’unanimité,
i. Ordonne à l’État défendeur de verser au Requérant la somme de cinq millions de francs CFA ;
ii. Ordonne à l’État défendeur de lui soumettre, dans un délai de six mois à compter de la date de signification du \
présent Arrêt, un rapport sur la mise en œuvre des mesures qui y sont ordonnées."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (COURT_IN_SPANISH, ["information", "recommendation en el plazo de seis meses", "compliance un año"]),
        (COURT_IN_ENGLISH, ["information", "information", "recommendation within 90 days", "compliance one year"]),
        (PROVISIONAL_MEASURES, ["recommendation", "compliance September 20, 2023", "information", "information"]),
        (
            JUST_SATISFACTION,
            ["information", *["recommendation within three months"] * 2, "information"],
        ),
        (
            VIEWS_ON_DISABILITY,
            ["information", "recommendation", "recommendation", "recommendation", "reply within six months"],
        ),
        (VIEWS_ON_CIVIL_RIGHTS, ["information", "recommendation", "compliance within 180 days"]),
        (VIEWS_IN_SPANISH, ["information", "recommendation", "compliance en un plazo de 180 días"]),
        (VIEWS_ON_WOMEN, ["recommendation", "recommendation", "reply en un plazo de seis meses"]),
        (PRECAUTIONARY_IN_SPANISH, [*["recommendation"] * 3, "reply dentro del plazo de 15 días", "information"]),
        (PRECAUTIONARY_IN_ENGLISH, [*["recommendation"] * 3, "reply within a period of 15 days", "information"]),
        (
            MINISTERS,
            ["information", "information", "recommendation", "recommendation 30 June 2026", "information"],
        ),
        (MINISTERS_IN_FRENCH, ["information", "recommendation", "recommendation 31 mars 2025", "information"]),
        (PARTIES, ["recommendation", "recommendation", "reply 7 December 2024"]),
        (MINORITY_LANGUAGES, ["recommendation", "recommendation", "recommendation 1 March 2026"]),
        (AFRICAN_COURT, ["recommendation", "compliance dans un délai de six mois"]),
        (TORTURE, ["recommendation", "reply one month", "reply two months", "reply within six months"]),
    ],
)
def test_points_duties_and_terms_are_read(text, expected, tmp_path):
    units = reading_of(text, tmp_path).units
    found = [(unit.duty or unit.kind.value, unit.deadline.words if unit.deadline else "") for unit in units]
    assert [kind for kind, _words in found] == [row.partition(" ")[0] for row in expected]
    for (_kind, words), row in zip(found, expected, strict=True):
        term = row.partition(" ")[2]
        assert term in words if term else not words


def reading_of(text: str, tmp_path, **given):
    path = tmp_path / "document.txt"
    path.write_text("\n\n".join(text.splitlines()), encoding="utf-8")
    return read_document(path, **given)


def test_a_term_that_the_committee_wishes_to_receive_information_in_starts_at_no_receipt(tmp_path):
    assert reading_of(VIEWS_ON_CIVIL_RIGHTS, tmp_path).units[-1].deadline.clock == ""


def test_the_clock_of_a_judgment_that_is_served_starts_at_its_notification(tmp_path):
    assert reading_of(AFRICAN_COURT, tmp_path).units[-1].deadline.clock == "notification"


def test_information_by_a_day_is_follow_up_of_a_point_of_the_deputies(tmp_path):
    units = reading_of(MINISTERS, tmp_path).units
    assert [unit.number for unit in units if unit.follow_up] == ["4"]
    assert units[3].deadline.day == date(2026, 6, 30)


def test_items_behind_the_letter_b_stay_letters_and_the_numbers_go_on(tmp_path):
    units = reading_of(PRECAUTIONARY_IN_SPANISH, tmp_path).units
    assert [unit.number for unit in units] == ["(a)", "(b)", "(c)", "43", "44"]


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        (VIEWS_ON_DISABILITY, "CRPD/C/27/D/490/2018"),
        (VIEWS_ON_WOMEN, "CEDAW/C/82/D/990/2019"),
        (PRECAUTIONARY_IN_SPANISH, "RESOLUCIÓN 21/2024"),
        (PRECAUTIONARY_IN_ENGLISH, "RESOLUTION 35/2021"),
    ],
)
def test_a_symbol_is_found_behind_the_name_of_its_publisher(text, symbol, tmp_path):
    assert reading_of(text, tmp_path).symbol == symbol


URGENT_ACTION = """COMMITTEE ON ENFORCED DISAPPEARANCES
REFERENCE: CED/UA/TST/1234/2024
The Secretariat of the United Nations presents its compliments to the Permanent Mission of Testland and has the \
honour to transmit a request for urgent action under article 30 of the Convention, registered as urgent action No. \
1234/2024.
The Committee requests the State party:
(a) To take all the measures necessary to immediately search for and locate the disappeared person;
(b) To provide the Committee, within two weeks and no later than 15 March 2024, with information on the measures \
taken to search for and locate the person.
Geneva, 1 March 2024"""
ACCION_URGENTE = """COMITÉ CONTRA LA DESAPARICIÓN FORZADA
Referencia: CED/TST/UA/1598/2023
La Secretaría de las Naciones Unidas tiene el honor de transmitir la solicitud registrada como acción urgente núm. \
1598/2023, de conformidad con el artículo 30 de la Convención.
El Comité solicita al Estado parte que:
a) Adopte de inmediato todas las medidas necesarias para buscar y localizar a la persona desaparecida;
b) Informe al Comité, a más tardar el 15 de marzo de 2024, sobre las medidas adoptadas para la búsqueda.
Ginebra, 1 de marzo de 2024"""
EARLY_WARNING = """REFERENCE: CERD/EWUAP/110th Session/2023/CS/ks
1 March 2024
Excellency,
I write to inform you that the Committee on the Elimination of Racial Discrimination considered information \
received under its early warning and urgent action procedure related to the situation of indigenous peoples.
The Committee requests the State party to provide information on the measures adopted to address these allegations \
by 15 March 2024.
Allow me, Excellency, to reiterate the wish of the Committee to continue the dialogue with your Government."""


@pytest.mark.parametrize(
    ("text", "family", "reference"),
    [
        (URGENT_ACTION, "urgent-action", "CED/UA/TST/1234/2024"),
        (ACCION_URGENTE, "urgent-action", "CED/TST/UA/1598/2023"),
        (EARLY_WARNING, "early-warning", "CERD/EWUAP/110th Session/2023"),
    ],
)
def test_a_letter_of_a_committee_is_confidential_and_becomes_no_record(text, family, reference, tmp_path):
    reading = reading_of(text, tmp_path)
    assert (reading.family.code, reading.symbol, reading.adopted) == (family, reference, date(2024, 3, 1))
    assert reading.family.is_confidential
    assert "recommendation" not in {unit.kind for unit in reading.units}
    assert [unit.deadline.day for unit in reading.units if unit.duty == "reply"] == [date(2024, 3, 15)]


@pytest.mark.parametrize(
    ("text", "family", "reference"),
    [
        (
            """UNITED NATIONS
REFERENCE: G/SO 218/2
Urgent action No. 1876/2026
1 March 2024
The Secretariat of the United Nations presents its compliments to the Permanent Mission of Testland.
1. The Committee requests the State party to search for the disappeared person without delay.
The State party is requested to submit its observations within two weeks, that is, no later than 15 March 2024.""",
            "urgent-action",
            "Urgent action No. 1876/2026",
        ),
        (
            """NACIONES UNIDAS
COMITÉ CONTRA LA DESAPARICIÓN FORZADA
Acción urgente núm. 1902/2026
1 de marzo de 2024
El Comité pide al Estado parte que busque sin demora a la persona desaparecida.
El Comité solicita al Estado parte que presente dicha información a más tardar el 15 de marzo de 2024.""",
            "urgent-action",
            "Acción urgente núm. 1902/2026",
        ),
        (
            """اللجنة المعنية بحالات الاختفاء القسري
الإجراء العاجل رقم 1911/2026
1 آذار/مارس 2024
تطلب اللجنة إلى الدولة الطرف أن تبحث فوراً عن الشخص المختفي.
ويُرجى من الدولة الطرف أن تقدم ملاحظاتها في أجل أقصاه 15 آذار/مارس 2024.""",
            "urgent-action",
            "الإجراء العاجل رقم 1911/2026",
        ),
        (
            """المرجع: CERD/EWUAP/118/2026/UTO

1 آذار/مارس 2024

صاحب السعادة،

تطلب اللجنة إلى الدولة الطرف أن تقدم، في موعد أقصاه 15 آذار/مارس 2024، معلومات عما يلي:

(أ) حماية أراضي الجماعة؛

(ب) المشاورات مع الجماعة.""",
            "early-warning",
            "CERD/EWUAP/118/2026",
        ),
    ],
    ids=["title", "Spanish", "Arabic", "early warning in Arabic"],
)
def test_a_letter_of_a_committee_is_recognised_by_its_number_alone(text, family, reference, tmp_path):
    reading = reading_of(text, tmp_path)
    assert (reading.family.code, reading.symbol, reading.adopted) == (family, reference, date(2024, 3, 1))
    assert [unit.deadline.day for unit in reading.units if unit.duty == "reply"] == [date(2024, 3, 15)]


def test_numbered_items_below_a_request_are_questions(tmp_path):
    letter = URGENT_ACTION.replace("(a) To take", "1. To take").replace(
        "(b) To provide the Committee", "2. To inform him"
    )
    letter = letter.replace(
        "within two weeks and no later than 15 March 2024, with information on", "without delay, of"
    )
    units = reading_of(f"{letter}\n1. Annex.", tmp_path).units
    assert [(unit.number, unit.kind) for unit in units if unit.kind == "question"] == [
        ("1", "question"),
        ("2", "question"),
    ]


def test_items_below_a_request_for_information_are_questions_and_the_request_is_the_reply(tmp_path):
    letter = EARLY_WARNING.replace(
        "to provide information on the measures adopted to address these allegations by 15 March 2024.",
        """to submit, by 15 March 2024, information on:
(a) The measures taken to consult the communities;
(b) The status of the licences;
(c) The measures adopted to implement its recommendations.""",
    )
    units = [unit for unit in reading_of(letter, tmp_path).units if unit.kind != "information"]
    assert [unit.kind for unit in units] == ["obligation", "question", "question", "question"]
    assert units[0].text.startswith("The Committee requests the State party to submit, by 15 March 2024")
    assert units[0].deadline.day == date(2024, 3, 15)
    assert [unit.deadline for unit in units[1:]] == [None] * 3


def test_a_report_on_urgent_actions_is_no_letter(tmp_path):
    report = """United Nations CED/C/26/2
Report on requests for urgent action submitted under article 30 of the Convention
1. The present report summarizes what followed urgent action No. 12/2013.
2. The Committee recommends that States parties take immediate action."""
    assert not reading_of(report, tmp_path).family.is_confidential


def test_an_urgent_action_below_the_address_of_the_mission_stays_a_letter(tmp_path):
    letter = URGENT_ACTION.replace("REFERENCE: CED/UA/TST/1234/2024", "Permanent Mission of Testland, Geneva")
    assert reading_of(letter, tmp_path).family.is_confidential


@pytest.mark.parametrize(
    "text",
    [
        """COMMITTEE ON ENFORCED DISAPPEARANCES
Report on requests for urgent action submitted under article 30 of the Convention
1. The request registered as urgent action No. 12/2013 was discontinued.
2. The Committee recommends that States parties take immediate action.""",
        """NOTE VERBALE
The Permanent Mission of Testland to the United Nations presents its compliments to the Committee and has the honour \
to refer to the request registered as urgent action No. 1234/2024.
1. The authorities should be able to complete the search in May.""",
        """MINISTRY OF JUSTICE
Reply to urgent action No. 1234/2024
1. The authorities should be able to complete the search in May.""",
    ],
    ids=["report", "reply", "reply of a ministry"],
)
def test_a_report_or_a_reply_without_a_symbol_is_no_letter_either(text, tmp_path):
    assert reading_of(text, tmp_path).family.code != "urgent-action"


DETENTION = """Advance edited version
Distr.: General
18 October 2024
A/HRC/WGAD/2024/41
Human Rights Council
Opinions adopted by the Working Group on Arbitrary Detention at its 100th session, 26–30 August 2024
Opinion No. 41/2024 concerning A.B. (Testland)
3. The source submits that Mr. B. should be released immediately.
61. The Working Group requests the Government of Testland to take the steps necessary to remedy the situation of \
Mr. B. without delay.
Follow-up procedure
68. The Working Group requests the source and the Government to provide the above-mentioned information within six \
months of the date of transmission of the present opinion.
[Adopted on 28 August 2024]"""
MINORITIES = """ADVISORY COMMITTEE ON THE FRAMEWORK CONVENTION FOR THE PROTECTION OF NATIONAL MINORITIES
ACFC/OP/V(2022)3
Fifth Opinion on Testland
Adopted on 18 May 2022
Published on 14 November 2022
1. Testland continues to enjoy a generally high level of respect for minority rights.
3. The Advisory Committee urges the authorities to adopt a strategy for Roma, in consultation with them."""
LANGUAGES = """Strasbourg, 17 October 2023
MIN-LANG (2023) 14
EUROPEAN CHARTER FOR REGIONAL OR MINORITY LANGUAGES
Sixth evaluation report of the Committee of Experts in respect of TESTLAND
Adopted by the Committee of Experts on 23 June 2023
1. The Charter entered into force for Testland in 2001.
2. The Committee of Experts urges the authorities to extend the use of Hungarian before courts."""


@pytest.mark.parametrize(
    ("text", "facts", "kinds"),
    [
        (
            DETENTION,
            ("wgad", "A/HRC/WGAD/2024/41", date(2024, 8, 28)),
            ["information", "recommendation", "obligation"],
        ),
        (MINORITIES, ("fcnm", "ACFC/OP/V(2022)3", date(2022, 5, 18)), ["information", "recommendation"]),
        (LANGUAGES, ("ecrml", "MIN-LANG (2023) 14", date(2023, 6, 23)), ["information", "recommendation"]),
    ],
    ids=["detention", "minorities", "languages"],
)
def test_opinions_and_evaluations_are_documents_of_their_body(text, facts, kinds, tmp_path):
    reading = reading_of(text, tmp_path, country_names={"testland": "TST"})
    assert (reading.family.code, reading.symbol, reading.adopted) == facts
    assert reading.state == "TST"
    assert [unit.kind for unit in reading.units][: len(kinds)] == kinds


@pytest.mark.parametrize("title", ["OPERATIVE PART", "X. OPERATIVE PART", "20. OPERATIVE PART"])
def test_the_title_alone_opens_the_points_of_a_judgment(title, tmp_path):
    judgment = f"""AFRICAN COURT ON HUMAN AND PEOPLES’ RIGHTS
A v. Republic of Testland (Application No. 12/2020) [2026] AfCHPR 9 (31 August 2026)
1. The Application was filed on 3 May 2020 by a national of the Respondent State who alleges a violation.
2. The Applicant alleges a violation of the right to a fair trial by the courts of the Respondent State.
{title}
i. Declares that it has jurisdiction.
ii. Holds that the Respondent State violated Article 7 of the Charter.
iii. Orders the Respondent State to pay EUR 3,000 within six months of notification of this judgment."""
    units = reading_of(judgment, tmp_path).units
    assert [(unit.number, unit.kind) for unit in units] == [
        ("i", "information"),
        ("ii", "information"),
        ("iii", "recommendation"),
    ]


CHARTER_REPORT = (
    LANGUAGES
    + """
3. The authorities of Testland are due to submit the seventh periodical report by 1 November 2029.
4. The Committee of Experts invites the authorities to submit information on the implementation of the \
recommendations for immediate action by 1 May 2027.
5. The Committee of Experts urges the authorities to extend the use of Hungarian before courts by 1 May 2028."""
)
ADVISORY_OPINION = (
    MINORITIES
    + """
4. The authorities are invited to submit their comments on the present opinion within four months.
5. The Advisory Committee urges the authorities to revise the law within four months."""
)
CONCLUSIONS = """EUROPEAN COMMITTEE OF SOCIAL RIGHTS
Conclusions 2025
Testland
Adopted on 18 May 2025
1. The Committee asks that the next report provide information on inspections.
2. The next report of Testland is due by 31 December 2027."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CHARTER_REPORT, {"3": "periodic-report", "4": "reply"}),
        (ADVISORY_OPINION, {"4": "reply"}),
        (CONCLUSIONS, {"2": "periodic-report"}),
    ],
    ids=["languages", "minorities", "social rights"],
)
def test_reports_and_comments_are_due_to_bodies_of_the_council_of_europe(text, expected, tmp_path):
    assert {unit.number: unit.duty for unit in reading_of(text, tmp_path).units if unit.duty} == expected


MANDATES = (
    "Special Rapporteur on torture",
    "Special Rapporteur on the independence of judges and lawyers",
    "Working Group on Arbitrary Detention",
    "Independent Expert on older persons",
)


@pytest.mark.parametrize(
    "rows",
    [
        [f"Mandates of the {', the '.join(MANDATES)}"],
        [f"Mandates of the {', the '.join(MANDATES[:3])}, and the {MANDATES[3]}"],
        [f"Mandates of the {MANDATES[0]}", MANDATES[1], f"the {MANDATES[2]} and the", MANDATES[3]],
        [f"Mandates of the {'; the '.join(MANDATES)}"],
    ],
    ids=["commas", "comma and", "rows", "semicolons"],
)
def test_mandates_of_a_letter_are_found_however_they_are_separated(rows):
    assert mandates_of([*rows, "AL TST 1/2026"]) == list(MANDATES)


@pytest.mark.parametrize(
    ("row", "count"),
    [
        (
            "Mandats du Rapporteur spécial sur la torture, du Groupe de travail sur la détention arbitraire et de la "
            "Rapporteuse spéciale sur la situation des défenseurs",
            3,
        ),
        ("Mandatos del Relator Especial sobre la tortura, del Grupo de Trabajo sobre la Detención Arbitraria", 2),
        (
            "ولايات المقرر الخاص المعني بالتعذيب، والفريق العامل المعني بالاحتجاز التعسفي، المقرر المعني بالسكن",
            3,
        ),
    ],
)
def test_mandates_are_separated_by_commas_in_other_languages_too(row, count):
    assert len(mandates_of([row])) == count


def test_a_visit_does_not_end_on_the_day_of_the_report(tmp_path):
    report = """Report to the Testland Government on the visit to Testland carried out by the European Committee for \
the Prevention of Torture and Inhuman or Degrading Treatment or Punishment (CPT)
from 3 to 13 November 2025
Strasbourg, 12 March 2026
1. The CPT recommends that the authorities renovate the prison of the capital without any delay."""
    assert reading_of(report, tmp_path).adopted == date(2026, 3, 12)


def test_an_urgent_appeal_is_one_by_its_words_where_it_has_no_reference():
    assert is_urgent("", "We have the honour to address this urgent appeal to your Government.")
    assert not is_urgent("AL TST 1/2026", "The urgent appeal of last year was not answered.")


@pytest.mark.parametrize(
    ("told", "public"),
    [
        (
            "3. El 5 de enero de 2026 la Comisión aprobó el Informe No. 2/26 y lo transmitió al Estado, otorgándole "
            "un plazo de dos meses para informar sobre el cumplimiento de las recomendaciones.",
            "4. La Comisión decide hacer público este informe e incluirlo en su Informe Anual.",
        ),
        (
            "3. El 5 de enero de 2026 la Comisión decidió transmitir el Informe al Estado y otorgarle un plazo de "
            "dos meses para informar sobre las medidas adoptadas.",
            "4. La Comisión decide hacer público este informe e incluirlo en su Informe Anual.",
        ),
        (
            "3. On January 5, 2026 the Commission transmitted the report to the State, giving the State two months "
            "to report on compliance with the recommendations.",
            "4. The Commission decides to publish this report.",
        ),
        (
            "3. The Commission decided to transmit the report and to grant the State two months to report on the "
            "measures adopted.",
            "4. The Commission decides to make this report public and to include it in its annual report.",
        ),
    ],
)
def test_the_time_that_a_published_report_tells_of_is_no_term(told, public, tmp_path):
    report = f"""INTER-AMERICAN COMMISSION ON HUMAN RIGHTS
COMISIÓN INTERAMERICANA DE DERECHOS HUMANOS
REPORT No. 30/26
Approved by the Commission on June 5, 2026
1. The Commission received a petition.
2. LA COMISIÓN INTERAMERICANA RECOMIENDA AL ESTADO:
1. Reparar integralmente a la víctima.
2. Investigar los hechos.
{told}
{public}"""
    reading = reading_of(report, tmp_path, family="iachr")
    assert [unit.kind for unit in reading.units if unit.number in ("1", "2")][-2:] == ["recommendation"] * 2
    assert not any(unit.duty for unit in reading.units)


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("We refer to our urgent appeal of 3 March 2026, to which we regret not having received a reply.", False),
        ("Nous nous référons à notre appel urgent du 3 mars 2026, resté sans réponse.", False),
        ("Nos referimos a nuestro llamamiento urgente de 3 de marzo de 2026.", False),
        ("We refer to the urgent appeal sent on 3 March 2026.", False),
        ("نشير إلى ندائنا العاجل وإلى نداء عاجل سابق.", False),
        ("Mandates of the Special Rapporteur on torture URGENT APPEAL Excellency,", True),
        ("Nous avons l’honneur d’adresser le présent appel urgent à votre Gouvernement.", True),
        ("Tenemos el honor de dirigir este llamamiento urgente al Gobierno de su Excelencia.", True),
        ("نتشرف بتوجيه هذا النداء العاجل إلى حكومتكم.", True),
    ],
)
def test_a_letter_that_refers_to_an_urgent_appeal_is_none(words, is_one):
    assert is_urgent("", words) is is_one


def test_a_judgment_of_the_african_court_in_portuguese_is_named_by_its_application(tmp_path):
    judgment = """TRIBUNAL AFRICANO DOS DIREITOS DO HOMEM E DOS POVOS
PETIÇÃO INICIAL N.º 008/2021
ACÓRDÃO
26 DE JUNHO DE 2026
XI. PARTE DISPOSITIVA
98. Por estas razões,
O TRIBUNAL,
i. Declara a Petição admissível;
ii. Ordena ao Estado Demandado que apresente ao Tribunal, no prazo de seis meses a contar da data da notificação, um \
relatório sobre a execução das medidas nele ordenadas.
Feito em Arusha, aos vinte e seis dias do mês de Junho do ano dois mil e vinte e seis."""
    reading = reading_of(judgment, tmp_path)
    assert (reading.symbol, reading.adopted) == ("Application No. 008/2021", date(2026, 6, 26))
    assert [(unit.number, unit.duty) for unit in reading.units] == [("i", None), ("ii", "compliance")]
