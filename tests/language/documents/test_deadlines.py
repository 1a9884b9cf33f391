"""Deadlines of paragraphs, and the paragraphs that they refer to, in the languages of the documents."""

import time
from datetime import date

import pytest

from servanda.language.documents.deadlines import is_follow_up, named_paragraphs, owed_by
from servanda.language.documents.duties import Duty, duty_of, term_of_reply
from servanda.language.documents.duty_words import OWN_REPORT
from servanda.language.documents.general_comments import AFTER
from servanda.language.documents.paragraph_kinds import kind_of
from servanda.language.documents.terms import terms_in
from servanda.language.documents.units import Kind, Unit, flag, mark_obligations
from servanda.sources.upr.working_group import UNEDITED


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("paragraphs 9 (a), 21 and 31 above", ["9(a)", "21", "31"]),
        ("les paragraphes 12 b) et 14", ["12(b)", "14"]),
        ("los párrafos 12 y 20", ["12", "20"]),
        ("в пунктах 10 и 12", ["10", "12"]),
        ("الفقرات 9 و21 و31", ["9", "21", "31"]),
        ("see document CRC/C/1/2", []),
        ("Under rule 75, paragraph 1, of the rules of procedure, by 8 May 2027, on paragraphs 4 and 26", ["4", "26"]),
        (
            "Conformément au paragraphe 1 de l’article 75, le 8 mai 2027 au plus tard, aux paragraphes 4 et 26",
            ["4", "26"],
        ),
        (
            "Con arreglo al artículo 75, párrafo 1, del Reglamento, el 8 de mayo de 2027, los párrafos 4 y 26",
            ["4", "26"],
        ),
        (
            "ووفقاً للفقرة 1 من المادة 75 من النظام الداخلي، في موعد أقصاه 8 أيار/مايو 2027، في الفقرات 4 و26",
            ["4", "26"],
        ),
        (
            "В соответствии с пунктом 1 правила 75 представить к 8 мая 2027 года сведения о пунктах 4 и 26",
            ["4", "26"],
        ),
    ],
)
def test_named_paragraphs(text, numbers):
    assert named_paragraphs(text) == numbers


FOLLOW_UP = "The Committee requests information on follow-up by 24 November 2027 (see paras. 4 (a) and 12 (b) above)."


@pytest.mark.parametrize(
    ("numbers", "followed"),
    [
        (["4", "12"], ["4", "12"]),
        (["4(a)", "4(b)", "12"], ["4(a)", "12"]),
        (["4(a)(i)", "4(a)(ii)", "4(b)"], ["4(a)(i)", "4(a)(ii)"]),
        (["5", "13"], []),
    ],
)
def test_a_named_letter_means_its_whole_paragraph_where_that_is_not_divided(numbers, followed):
    units = [Unit(number, Kind.RECOMMENDATION, "Reduce overcrowding.") for number in numbers]
    flag([*units, Unit("20", Kind.RECOMMENDATION, FOLLOW_UP)])
    assert [unit.number for unit in units if unit.follow_up] == followed


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        (
            "The Committee invites the State party to submit its combined fifth and sixth reports by 10 May 2028.",
            "periodic-report",
        ),
        (
            "Le Comité prie l’État partie de soumettre son prochain rapport périodique d’ici au 10 mai 2028.",
            "periodic-report",
        ),
        (
            "El Comité pide al Estado parte que presente su próximo informe a más tardar el 10 de mayo de 2028.",
            "periodic-report",
        ),
        (
            "Le Comité fixera la date à laquelle le huitième rapport périodique de l’État partie doit être soumis "
            "et la lui communiquera en temps utile.",
            "periodic-report",
        ),
        (
            "El Comité fijará la fecha en que deberá presentarse el octavo informe periódico y la comunicará a su "
            "debido tiempo.",
            "periodic-report",
        ),
        (
            "وستحدد اللجنة تاريخ تقديم التقرير الدوري الثامن للدولة الطرف وتبلغها به في الوقت المناسب.",
            "periodic-report",
        ),
        (
            "El Estado parte recibirá del Comité en 2030 la lista de cuestiones previa a la presentación del informe "
            "y se espera que presente en el plazo de un año sus respuestas, que constituirán su quinto informe.",
            "loipr",
        ),
        ("تطلب اللجنة إلى الدولة الطرف أن تقدم تقريرها الدوري المقبل بحلول 10 أيار/مايو 2028.", "periodic-report"),
        (
            "Комитет просит государство-участник представить свой следующий периодический доклад к 10 мая 2028 года.",
            "periodic-report",
        ),
        ("委员会请缔约国在2028年5月10日前提交下一次定期报告，即第八次定期报告。", "periodic-report"),
        (
            "It requests the State party to submit its ninth periodic report, which is due in November 2028.",
            "periodic-report",
        ),
        (
            "The Committee will establish and communicate the due date of the tenth periodic report.",
            "periodic-report",
        ),
        (
            "In line with the predictable review cycle, the State party will receive in 2028 the Committee’s list "
            "of issues prior to the submission of the report and will be expected to submit within one year its "
            "replies, which will constitute its sixth periodic report.",
            "loipr",
        ),
        (
            "In line with the Committee’s predictable review cycle, the State party will receive the Committee’s "
            "list of issues prior to the submission of the report in 2031 and will have one year to submit its "
            "replies, which will constitute its fifth periodic report.",
            "loipr",
        ),
        (
            "Under article 29 (4) of the Convention, the Committee requests the State party to submit, by 6 "
            "October 2031 at the latest, specific and updated information on the implementation of all its "
            "recommendations.",
            "periodic-report",
        ),
        (
            "En vertu du paragraphe 4 de l’article 29 de la Convention, le Comité demande à l’État partie de lui "
            "soumettre, le 6 octobre 2031 au plus tard, des renseignements actualisés sur l’application de ses "
            "recommandations.",
            "periodic-report",
        ),
        (
            "Con arreglo al artículo 29, párrafo 4, de la Convención, el Comité solicita al Estado parte que "
            "presente, a más tardar el 6 de octubre de 2031, información actualizada sobre la aplicación de todas "
            "sus recomendaciones.",
            "periodic-report",
        ),
        (
            "The Committee requests information in its next periodic report, due in May 2028, on the measures taken.",
            None,
        ),
        ("The State party should, within one year, report to Parliament on the measures taken.", None),
        ("The Committee recommends that the State party eliminate child labour by 31 December 2030.", None),
        (
            "The Committee requests the State party to disseminate the present concluding observations widely.",
            "dissemination",
        ),
        (
            "The Committee requests the State party to provide, within two years, written information on the steps "
            "taken to implement the recommendations contained in paragraphs 12 and 24 (a) above.",
            "follow-up",
        ),
    ],
)
def test_a_paragraph_makes_a_report_due_or_nothing(text, duty):
    assert (owed_by(text) or (None,))[0] == duty


@pytest.mark.parametrize(
    "text",
    [
        "Orders the State to submit, within one year of notification, a report on the measures taken to comply.",
        "El Estado rendirá a la Corte, dentro del plazo de un año, un informe sobre las medidas adoptadas.",
        "dit que l’État doit présenter, dans un délai de six mois, un rapport sur l’exécution du présent arrêt",
    ],
)
def test_a_report_to_a_court_is_due_only_in_a_case(text):
    assert owed_by(text) is None
    duty, term = owed_by(text, of_case=True)
    assert (duty, term is not None) == ("compliance", True)


def test_a_payment_is_no_report():
    assert owed_by("Orders the State to pay EUR 3,000 within three months of notification.", of_case=True) is None


def test_a_wide_dissemination_is_asked_for_in_the_passive_too():
    text = "Se invita al Estado parte a que dé amplia difusión a las presentes observaciones finales."
    unit = Unit("42", kind_of(text), text)
    mark_obligations([unit], issued=None, of_case=False)
    assert (unit.kind, unit.duty) == ("obligation", "dissemination")


def test_the_paragraph_of_an_article_is_none_of_the_document():
    text = "Having regard to Article 10, paragraph 1, of the Convention, it requests a response on paragraph 9."
    assert named_paragraphs(text) == ["9"]


def test_a_next_report_is_no_follow_up():
    assert not is_follow_up("The Committee requests the State party to submit its report by 15 March 2027.")


@pytest.mark.parametrize(
    ("text", "is_due"),
    [
        ("The CPT requests the authorities to provide, within six months, a response on the action taken.", True),
        ("The Committee requests the Slovenian authorities to provide within six months a response.", True),
        ("The Committee would like to receive, within six months, a response to this report.", True),
        ("Le CPT demande aux autorités de fournir, dans un délai de six mois, une réponse.", True),
        ("Le CPT souhaite être informé, dans un délai d’un mois, des mesures prises à ce sujet.", True),
        ("It requests the authorities to provide, within one month, an account of the measures taken.", True),
        ("The Commission requests that Testland detail, within 15 days, the measures adopted.", True),
        ("The Commission requests that Testland report, within 15 days of notification, on the measures.", True),
        ("The Commission requests that the State of Testland report, within 15 days, on the measures.", True),
        ("The Commission requests that Testland publish, within 15 days, the resolution.", False),
        ("The Commission requests that Testland inform detainees within one hour of their rights.", False),
        ("La Comisión solicita a Testlandia que informe, dentro del plazo de 15 días, sobre las medidas.", True),
        ("La Comisión solicita a Testlandia que informe a los detenidos en el plazo de 48 horas.", False),
        (
            "La Comisión solicita al Gobierno de Testlandia tenga a bien informar a la Comisión, dentro del plazo "
            "de 15 "
            "días, sobre la adopción de las medidas.",
            True,
        ),
        ("La Comisión solicita al Estado de Testlandia que detalle, en el plazo de 15 días, las medidas.", True),
        ("La Commission demande au Testland de l’informer, dans un délai de 15 jours, des mesures prises.", True),
        ("The CPT requests a response within three months.", True),
        ("The CPT asks to receive, within three months, an account of the action taken.", True),
        ("The CPT requests confirmation within one month that the cells have been closed.", True),
        ("Le CPT demande une réponse dans un délai de trois mois.", True),
        ("Le CPT demande à recevoir, dans un délai de trois mois, un compte rendu des mesures prises.", True),
        ("El CPT solicita recibir, en el plazo de tres meses, información sobre las medidas adoptadas.", True),
        ("The CPT recommends that prisoners receive a response to complaints within one month.", False),
        ("The CPT requests the authorities to repair the roof within six months.", False),
        ("The CPT requests the authorities to provide a response.", False),
        ("The CPT requests the authorities to confirm within one month that the beds have been withdrawn.", True),
        ("GREVIO invites the authorities to inform GREVIO within two months of the measures taken.", True),
        (
            "La Comisión solicita al Gobierno de Testlandia que informe, dentro del plazo de 15 días, sobre ello.",
            True,
        ),
        (
            "La Comisión solicita al Estado que informe a los detenidos en el plazo de 48 horas de sus derechos.",
            False,
        ),
        ("The CPT invites the authorities to ensure that a judge confirm within 48 hours every placement.", False),
        ("It requests that the Government have each lawyer confirm, within 24 hours, the place of detention.", False),
        ("The CPT requests the Government to allow persons in custody to be informed within one hour.", False),
        (
            "GREVIO invites the authorities to ensure that victims have the right to be informed of the release "
            "of the perpetrator within 24 hours.",
            False,
        ),
        ("GRETA invites the Government to ensure that victims be informed within five days of their rights.", False),
        (
            "El Comité invita a las autoridades a que la persona detenida pueda ser informado de sus derechos en "
            "el plazo de una hora.",
            False,
        ),
        (
            "Le CPT invite les autorités à veiller à ce que toute personne puisse être informée de ses droits "
            "dans un délai de trois heures.",
            False,
        ),
    ],
)
def test_a_response_is_due_to_the_body_whose_reports_are_answered(text, is_due):
    owed = owed_by(text, is_answered=True)
    assert (owed[0] if owed else None) == ("reply" if is_due else None)
    assert owed_by(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The Committee also invites the State party to submit an updated core document, in a volume not exceeding "
        "42,400 words, in accordance with the requirements for the common core document contained in the harmonized "
        "guidelines on reporting under the international human rights treaties (HRI/GEN/2/Rev.6, chap. I).",
        "The State party is also invited to update its common core document, which dates to 2005.",
        "The Committee encourages the State party to submit an updated version of its common core document.",
        "Le Comité invite en outre l’État partie à soumettre un document de base actualisé, qui ne devra pas "
        "dépasser 42 400 mots.",
        "El Comité invita al Estado parte a que presente una versión actualizada de su documento básico común, que "
        "no exceda de 42.400 palabras, de conformidad con las directrices armonizadas.",
        "O Comité convida o Estado Parte a apresentar uma versão atualizada do seu documento básico comum.",
        "تدعو اللجنة الدولة الطرف إلى تقديم وثيقة أساسية محدثة لا تتجاوز 42 400 كلمة.",
        "Комитет предлагает государству-участнику представить обновленный вариант общего базового документа.",
    ],
)
def test_an_updated_common_core_document_is_due_without_a_deadline(text):
    unit = Unit("50", Kind.RECOMMENDATION, text)
    mark_obligations([unit], issued=date(2026, 1, 1), of_case=False)
    assert (unit.kind, unit.duty, unit.deadline) == ("obligation", "common-core", None)


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        (
            "The Committee invites the State party to submit its ninth periodic report by 10 May 2028 and an updated "
            "common core document.",
            "periodic-report",
        ),
        (
            "The Committee recommends that the State party take the common core document of the school into account.",
            None,
        ),
        ("The Committee welcomes the information in the common core document.", None),
        ("The State party should update the core document of its national strategy for gender equality.", None),
        ("Se recomienda que presente a los migrantes un documento básico de identidad.", None),
        ("El Comité insta al Estado parte a que actualice el documento básico de su política de vivienda.", None),
        (
            "Le Comité recommande à l’État partie de mettre à jour le document de base de la stratégie nationale "
            "de lutte contre la traite.",
            None,
        ),
        ("Il recommande de présenter au Parlement le document de base sur la réforme de la justice.", None),
        ("The State party should provide teachers with a core document on human rights education.", None),
        ("The State party is invited to update its core document.", "common-core"),
        ("Le Comité invite l’État partie à mettre à jour son document de base commun.", "common-core"),
        (
            "The Committee requests the State party to provide, within one year, information on the "
            "implementation of article 29, paragraph 4, of the Constitution.",
            None,
        ),
    ],
)
def test_only_a_common_core_document_is_one_and_a_report_goes_before_it(text, duty):
    assert (owed_by(text) or (None,))[0] == duty


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "urged the authorities to adopt by 1 March 2025 the law; and to submit the bill to parliament by "
            "June 2025",
            "",
        ),
        ("invited the authorities to submit the draft law to parliament before 30 June 2025", ""),
        ("called on the authorities to present the bill to the Government by 31 December 2025 and continue", ""),
        ("invited the authorities to submit a report to parliament before 30 June 2025", ""),
        ("invited the authorities to submit the draft law on information before 30 June 2025", ""),
        ("invited the authorities to present the bill by 1 June 2026 and provide information on its contents", ""),
        (
            "invited the authorities to submit, by 1 June 2026, an action plan and report on its progress",
            "1 June 2026",
        ),
        ("invited the authorities to provide information by 1 December 2025", "1 December 2025"),
        ("invited the authorities to submit the draft law to the Committee by 1 December 2025", "1 December 2025"),
        (
            "invited them to submit information on the bill that is before parliament by 1 May 2026",
            "1 May 2026",
        ),
        ("invited the authorities to inform the Committee by 1 May 2026 of the measures taken", "1 May 2026"),
        ("asked for an updated action plan to be submitted by 1 May 2026", "1 May 2026"),
        ("invitent les autorités à fournir des informations avant le 1er mars 2026", "1er mars 2026"),
    ],
)
def test_a_point_is_followed_up_where_an_account_is_submitted_to_the_body(text, words):
    term = term_of_reply(text)
    assert words in term.words if words and term else (term is None) == (not words)


DECEMBER = date(2027, 12, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "The Committee requests the State party to provide, within 24 months of the adoption of the present "
            "concluding observations (1 December 2027), information on the implementation of paragraphs 9 and 12.",
            DECEMBER,
        ),
        (
            "The Committee requests the State party to provide, within two years (that is, by 1 December 2027), "
            "written information on the implementation of the recommendations in paragraphs 32 and 44.",
            DECEMBER,
        ),
        (
            "It requests the State party to submit its fourth periodic report within four years of the adoption of "
            "the present concluding observations, that is, by 1 December 2027.",
            DECEMBER,
        ),
        (
            "Le Comité demande à l’État partie de fournir, dans un délai de 24 mois à compter de "
            "l’adoption des présentes observations finales (1er décembre 2027), des renseignements sur les "
            "paragraphes 9 et 12.",
            DECEMBER,
        ),
        (
            "Le Comité demande à l’État partie de fournir, dans un délai de deux ans, c’est-à-dire d’ici au 1er "
            "décembre 2027, des renseignements sur la suite donnée aux paragraphes 9 et 12.",
            DECEMBER,
        ),
        (
            "El Comité pide al Estado parte que, en el plazo de dos años, es decir, a más tardar el 1 de diciembre "
            "de 2027, facilite información sobre los párrafos 9 y 12.",
            DECEMBER,
        ),
        (
            "تطلب اللجنة إلى الدولة الطرف أن تقدم، في غضون سنتين، أي بحلول 1 كانون الأول/ديسمبر 2027، معلومات خطية "
            "عن تنفيذ التوصيات الواردة في الفقرات 9 و12.",
            DECEMBER,
        ),
        (
            "The Committee requests the State party to provide, within one year of the adoption of the present "
            "concluding observations (5 November 2025), information on paragraphs 9 and 12.",
            None,
        ),
    ],
)
def test_a_day_behind_a_length_comes_first(text, day):
    unit = Unit("50", kind_of(text), text)
    flag([unit])
    mark_obligations([unit], issued=date(2025, 11, 12), of_case=False)
    assert (unit.kind, unit.deadline.day) == ("obligation", day)
    assert unit.deadline.length


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (
            "The combined second and third periodic reports of the State party are in principle due on 24 May 2032. "
            "The Committee will establish and confirm the exact due date.",
            date(2032, 5, 24),
        ),
        ("The sixth periodic report is due on 15 July 2029.", date(2029, 7, 15)),
        ("The sixth periodic report of the State party is to be submitted by 15 July 2029.", date(2029, 7, 15)),
        (
            "Los informes periódicos segundo y tercero combinados deben presentarse, en principio, el 24 de mayo de "
            "2032.",
            date(2032, 5, 24),
        ),
        (
            "Les deuxième et troisième rapports périodiques doivent, en principe, être soumis le 24 mai 2032.",
            date(2032, 5, 24),
        ),
        ("ويحل موعد تقديم التقرير الدوري السادس في 15 تموز/يوليه 2029.", date(2029, 7, 15)),
        (
            "ومن المقرر، من حيث المبدأ، تقديم التقريرين الدوريين الثاني والثالث في 24 أيار/مايو 2032.",
            date(2032, 5, 24),
        ),
    ],
)
def test_a_report_that_is_said_to_be_due_is_due(text, day):
    duty, term = owed_by(text)
    assert (duty, term.day) == ("periodic-report", day)


@pytest.mark.parametrize(
    "text",
    [
        "It requests data in its next periodic report, which is due on 5 May 2028, on the measures taken.",
        "The State party should ensure that the annual report of the ombudsman is to be submitted by 1 May 2028.",
        "The Committee recommends that reports of violence be investigated by 1 May 2028.",
    ],
)
def test_another_report_that_is_due_is_none_to_the_committee(text):
    assert owed_by(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "We would appreciate a response no later than 5 p.m. on 20 February 2026.",
        "We would be grateful for a reply by 17:00 (CET) on 20 February 2026.",
        "Agradeceríamos una respuesta a más tardar el próximo 20 de febrero de 2026.",
        "Nous vous saurions gré d’une réponse au plus tard à 17 heures le 20 février 2026.",
        "نرجو موافاتنا بالرد قبل الساعة 17:00 من يوم 20 شباط/فبراير 2026.",
    ],
)
def test_an_hour_before_the_day_of_a_reply_hides_neither(text):
    (term,) = terms_in(text)
    assert (term.day, duty_of(text, term)) == (date(2026, 2, 20), "reply")


@pytest.mark.parametrize(
    "text",
    [
        "We would appreciate a response within the next 72 hours.",
        "Agradeceríamos una respuesta en las próximas 72 horas.",
        "Nous vous saurions gré d’une réponse dans les prochaines 72 heures.",
        "نرجو موافاتنا بالرد خلال الـ72 ساعة القادمة.",
    ],
)
def test_a_reply_within_the_next_hours_has_a_term(text):
    (term,) = terms_in(text)
    assert (term.count, term.length, duty_of(text, term)) == (72, "hours", "reply")


@pytest.mark.parametrize(
    ("text", "every", "day"),
    [
        ("Requires the State to report every two months on the measures adopted to comply with the order.", 2, None),
        ("Requires the State to submit bimonthly reports on the implementation of the measures.", 2, None),
        ("Orders the State to submit an annual report on the implementation of this judgment.", 12, None),
        (
            "Every six months, the State shall submit a report on the measures taken to comply, starting on 1 "
            "March 2027.",
            6,
            date(2027, 3, 1),
        ),
        ("El Estado deberá informar a la Corte cada tres meses sobre las medidas adoptadas.", 3, None),
        ("Ordonne à l’État de soumettre des rapports semestriels sur la mise en œuvre de l’arrêt.", 6, None),
        ("تأمر الدولة بأن تقدم كل ستة أشهر تقريراً عن التدابير المتخذة لتنفيذ الحكم.", 6, None),
        (
            "The State shall submit a report within six months and thereafter quarterly on the measures taken.",
            3,
            None,
        ),
        ("It shall submit a report within six months and twice a year thereafter on the measures taken.", 6, None),
    ],
)
def test_a_report_that_is_due_again_and_again_needs_no_first_term(text, every, day):
    duty, term = owed_by(text, of_case=True)
    assert (duty, term.every, term.day) == ("compliance", every, day)
    assert owed_by(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The State shall train the police every year.",
        "The State shall pay the victims, within six months, a monthly pension.",
        "The State shall publish quarterly statistics.",
    ],
)
def test_what_is_done_again_and_again_is_no_report(text):
    assert owed_by(text, of_case=True) is None


def test_a_day_that_no_calendar_has_leaves_the_report_due():
    text = "The Committee requests the State party to submit its next periodic report by 29 February 2027."
    duty, term = owed_by(text)
    assert (duty, term.words, term.day, term.length) == ("periodic-report", "29 February 2027", None, None)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (
            "The Committee requests the State party to submit its next report by 1 May 2029, and to ratify the "
            "Optional "
            "Protocol.",
            ["obligation", "recommendation"],
        ),
        (
            "The Committee invites the State party to submit its core document, and to ratify the Optional Protocol.",
            ["obligation", "recommendation"],
        ),
        (
            "El Comité pide al Estado parte que presente su próximo informe a más tardar el 1 de mayo de 2029 y que "
            "ratifique el Protocolo Facultativo.",
            ["obligation", "recommendation"],
        ),
        (
            "Le Comité prie l’État partie de soumettre son prochain rapport d’ici au 1er mai 2029, et de ratifier le "
            "Protocole facultatif.",
            ["obligation", "recommendation"],
        ),
        (
            "تطلب اللجنة إلى الدولة الطرف أن تقدم تقريرها الدوري المقبل بحلول 1 أيار/مايو 2029 وأن تصدق على "
            "البروتوكول "
            "الاختياري.",
            ["obligation", "recommendation"],
        ),
        ("The Committee requests the State party to submit its next report by 1 May 2029.", ["obligation"]),
    ],
)
def test_another_demand_beside_a_report_stays_a_record(text, kinds):
    units = [Unit("50", Kind.RECOMMENDATION, text)]
    flag(units)
    mark_obligations(units, issued=date(2026, 1, 1), of_case=False)
    assert [unit.kind for unit in units] == kinds
    assert units[-1].deadline is None or len(units) == 1


def test_the_day_of_another_clause_is_none_of_the_length_before_it():
    terms = terms_in("It shall publish the judgment within six months, and report to the Court by 1 May 2027.")
    assert [(term.count, term.day) for term in terms] == [(6, None), (0, date(2027, 5, 1))]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (OWN_REPORT, "提交  '’  ’’" * 40),
        (UNEDITED, "\n" * 20_000),
        (UNEDITED, "**\n " * 5_000),
        (AFTER, " " * 20_000),
    ],
    ids=["apostrophes", "line ends", "marks of bold text", "blanks"],
)
def test_texts_of_signs_alone_are_read_at_once(pattern, text):
    start = time.process_time()
    assert pattern.search(text) is None
    assert pattern.match(text) is None
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "text",
    [
        "The State party should collect such data by the end of 2027 and provide it in its next periodic report.",
        "Le Comité recommande à l’État partie d’instaurer, dans les deux ans, des quotas et de lui fournir, dans son "
        "prochain rapport périodique, des informations sur les résultats obtenus.",
        "El Comité recomienda al Estado parte que apruebe la ley antes de fines de 2027 y que facilite información "
        "al respecto en su próximo informe periódico.",
        "O Comité recomenda ao Estado parte que adote a lei até 31 de dezembro de 2027 e apresente dados no seu "
        "próximo relatório periódico.",
        "توصي اللجنة بأن تخصص الدولة الطرف الموارد بحلول 31 كانون الأول/ديسمبر 2028، وأن تقدم معلومات عن ذلك في "
        "تقريرها الدوري المقبل.",
    ],
    ids=["en", "fr", "es", "pt", "ar"],
)
def test_a_measure_by_a_day_with_information_in_the_next_report_stays_a_record(text):
    assert owed_by(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The Committee recommends that the State party’s reports be made readily available to the public and that "
        "the concluding observations be similarly made available.",
        "El Comité recomienda que los informes del Estado parte se pongan a disposición del público, así como las "
        "observaciones finales.",
        "وتوصي اللجنة أيضاً بإتاحة التقرير وهذه الملاحظات الختامية على نطاق واسع.",
        "The Committee also recommends that the State party make the report, the written replies to the list of "
        "issues and the present concluding observations widely available, also through the Internet.",
        "The Committee also recommends that the combined fifth and sixth periodic reports, the written replies to "
        "the list of issues and the present concluding observations be made widely available in the languages of the "
        "country.",
        "وتوصي اللجنة أيضاً بأن تتيح الدولة الطرف على نطاق واسع تقريرها والردود الكتابية على قائمة المسائل وهذه "
        "الملاحظات الختامية.",
    ],
    ids=["en", "es", "ar", "en long", "en passive", "ar long"],
)
def test_a_report_and_its_observations_made_available_are_disseminated(text):
    assert owed_by(text) == (Duty.DISSEMINATION, None)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Dissemination and training", "The Committee recommends that the State party disseminate the Convention."),
        ("Diffusion et formation", "Le Comité recommande à l’État partie de diffuser la Convention."),
        ("Difusión y sensibilización", "El Comité recomienda al Estado parte que difunda la Convención."),
        ("Divulgação e formação", "O Comité recomenda ao Estado Parte que divulgue a Convenção."),
        (
            "النشر والتوعية والتدريب",
            "تلاحظ اللجنة الجهود المبذولة من أجل نشر معلومات عن الاتفاقية، إلا أنها توصي بأن تقوم الدولة الطرف "
            "بما يلي: إدراج تدريس مبادئ الاتفاقية في المناهج المدرسية.",
        ),
        (
            "Распространение и подготовка",
            "Комитет рекомендует государству-участнику распространять информацию о Конвенции.",
        ),
    ],
    ids=["en", "fr", "es", "pt", "ar", "ru"],
)
def test_a_convention_made_known_below_a_title_of_training_stays_a_record(title, text):
    assert owed_by(text, (title,)) is None


@pytest.mark.parametrize(
    "text",
    [
        "The State party should make resources available to implement the concluding observations.",
        "توصي اللجنة بإتاحة الموارد اللازمة لتنفيذ الملاحظات الختامية.",
        "The State party should make the report of the inquiry available to the victims.",
        "The State party should make legal aid widely available, in line with the previous concluding observations.",
    ],
)
def test_resources_and_other_reports_made_available_are_not(text):
    assert owed_by(text) is None


def test_the_next_report_that_falls_due_in_a_month_is_read_in_arabic():
    text = (
        "تطلب اللجنة إلى الدولة الطرف أن تقدم تقريرها الدوري الثامن، الذي يحل موعد تقديمه في تشرين الأول/أكتوبر 2029."
    )
    duty, term = owed_by(text)
    assert (duty, term.day) == (Duty.PERIODIC_REPORT, date(2029, 10, 31))


def test_information_within_a_term_is_read_in_arabic_with_its_object():
    text = "تطلب اللجنة إلى الدولة الطرف أن تبلغها، في غضون 90 يوماً، بالخطوات التي اتخذتها."
    duty, term = owed_by(text, of_case=True)
    assert (duty, term.count, term.length) == (Duty.COMPLIANCE, 90, "days")


@pytest.mark.parametrize(
    "text",
    [
        "El Subcomité solicita que se le envíe una respuesta en un plazo de seis meses a partir de su transmisión.",
        "A Comissão solicita a Testland que, no prazo de seis meses, informe sobre a adoção das medidas requeridas.",
        "ويُرجى من الدولة الطرف أن تقدم ملاحظاتها خلال ستة أشهر.",
        "The State party is requested to submit its observations within six months.",
    ],
)
def test_a_reply_is_due_to_a_body_that_asks_for_it_in_other_words(text):
    duty, term = owed_by(text, is_answered=True)
    assert (duty, term.count, term.length) == (Duty.REPLY, 6, "months")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("in paragraphs 9 (a), 21 and 31 above", ["9(a)", "21", "31"]),
        ("in paragraphs 12 and 14 of the present report", ["12", "14"]),
        ("(CEDAW/C/TST/CO/7, paras. 24 and 25 (b)) and in paragraph 12 above", ["12"]),
        ("in the light of general comment No. 36 (2018), paragraphs 3 and 4", []),
        ("in line with paragraph 24 of its general comment", []),
        ("figurant aux paragraphes 12 et 14 du rapport du Médiateur", []),
        ("que figuran en los párrafos 12 y 14 del informe de la Defensoría", []),
        ("الواردة في الفقرتين 12 و14 من تقرير أمين المظالم", []),
        ("الواردة في الفقرتين 6 (حرية التعبير) و8 أعلاه", ["6", "8"]),
    ],
)
def test_a_paragraph_of_another_document_is_none_of_this_one(text, named):
    assert named_paragraphs(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "The Committee reiterates its recommendation (CEDAW/C/TST/CO/7, para. 24) that the State party, within one "
        "year, provide information on shelters to women.",
        "The State party should, within one year, set up a body to follow up on the recommendations in paragraphs 12 "
        "and 14 of the report of the Ombudsman and inform victims.",
        "Le Comité recommande à l’État partie d’assurer, dans les deux ans, le suivi des recommandations figurant "
        "aux paragraphes 12 et 14 du rapport du Médiateur et d’informer les victimes.",
    ],
)
def test_a_measure_that_cites_a_paragraph_of_another_document_stays_a_record(text):
    unit = Unit("20", Kind.RECOMMENDATION, text)
    cited = Unit("24", Kind.RECOMMENDATION, "The State party should train judges.")
    flag([unit, cited])
    mark_obligations([unit, cited], issued=date(2026, 3, 1), of_case=False)
    assert [(row.kind, row.follow_up) for row in (unit, cited)] == [("recommendation", False)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "The Committee will inform the State party in due course of the date by which its next report is due.",
        "Le Comité communiquera en temps utile à l’État partie la date à laquelle il devra soumettre son rapport.",
        "El Comité comunicará al Estado parte oportunamente la fecha en la que deberá presentar su próximo informe.",
    ],
)
def test_a_day_that_the_body_will_communicate_is_that_of_the_next_report(text):
    assert owed_by(text) == (Duty.PERIODIC_REPORT, None)
