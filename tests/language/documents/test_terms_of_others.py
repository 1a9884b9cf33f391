"""Recommendations whose terms are not of what is due to the body: a term counts only in the clause of the request."""

from datetime import date

import pytest

from servanda.language.documents.deadlines import asks_for_more, owed_by
from servanda.language.documents.paragraph_kinds import kind_of
from servanda.language.documents.terms import terms_in
from servanda.language.documents.units import Kind, Unit, flag, mark_obligations


@pytest.mark.parametrize(
    "text",
    [
        "El Comité recomienda al Estado parte que vele por que las autoridades proporcionen la información "
        "solicitada por los ciudadanos en un plazo de 30 días.",
        "L’État partie devrait veiller à ce que les autorités fournissent aux avocats les informations demandées "
        "dans un délai de 48 heures.",
        "The State party should ensure that public bodies provide the above-mentioned information to the public "
        "within 30 days.",
        "ينبغي للدولة الطرف أن تكفل تقديم السلطات المعلومات المطلوبة أعلاه إلى المواطنين في غضون 30 يوماً.",
        "El Estado parte debe facilitar a los abogados la información requerida en un plazo de 48 horas.",
    ],
)
def test_information_for_citizens_is_none_for_the_committee(text):
    unit = Unit("12", Kind.RECOMMENDATION, text)
    flag([unit])
    mark_obligations([unit], issued=date(2026, 1, 1), of_case=False)
    assert (unit.kind, unit.follow_up) == ("recommendation", False)


@pytest.mark.parametrize(
    "text",
    [
        "The Working Group requests the source and the Government to provide the above-mentioned information within "
        "six months of the date of transmission of the present opinion.",
        "Le Groupe de travail prie la source et le Gouvernement de lui communiquer les informations susmentionnées "
        "dans les six mois suivant la date de transmission du présent avis.",
        "El Grupo de Trabajo solicita a la fuente y al Gobierno que proporcionen la información mencionada en un "
        "plazo de seis meses a partir de la fecha de transmisión de la presente opinión.",
        "ويطلب الفريق العامل إلى المصدر والحكومة تقديم المعلومات المذكورة أعلاه في غضون ستة أشهر من تاريخ إحالة هذا "
        "الرأي.",
    ],
)
def test_what_the_working_group_asks_the_source_and_the_government_is_follow_up(text):
    assert owed_by(text)[0] == "follow-up"


@pytest.mark.parametrize(
    "text",
    [
        "The CPT recommends that all prisoners be examined by a doctor within 24 hours of admission, and would like "
        "to receive their comments on this.",
        "The CPT requests information on whether prisoners are seen by a doctor within 24 hours.",
        "The CPT requests information on whether prisoners are seen by a doctor within 24 hours of admission.",
        "The CPT asks for information on complaints which must be examined within 30 days.",
        "The CPT asks for information on disciplinary appeals, to be decided within 15 days.",
        "El CPT solicita información sobre las denuncias que deben resolverse en el plazo de 30 días.",
        "El CPT solicita información sobre los recursos disciplinarios en el plazo de 15 días.",
        "Le CPT demande des informations sur les plaintes, qui doivent être traitées dans un délai de 30 jours.",
        "Le CPT demande des informations sur les détenus vus par un médecin dans les 24 heures suivant leur "
        "admission.",
        "The CPT requests an account of the measures taken to ensure that detainees are brought before a judge "
        "within 48 hours.",
        "The CPT requests confirmation that all prisoners receive within 24 hours a medical examination.",
        "The CPT requests the authorities to inform detainees within 24 hours of their rights, and would like to "
        "receive their comments on this.",
        "The Committee wishes to receive their comments on the rule that prisoners be examined within 24 hours.",
        "Le CPT recommande que tout détenu soit examiné dans les 24 heures, et souhaite recevoir leurs commentaires.",
        "The CPT requests the authorities to ensure that prisoners receive a response to complaints within 30 days.",
        "The CPT requests that Testland report within 15 days the deaths of prisoners to the prosecutor.",
        "El CPT solicita a Testlandia que informe, en el plazo de 15 días, de las muertes a la fiscalía.",
        "Le CPT demande au Testland de lui présenter, dans un délai de 15 jours, les dossiers remis au procureur.",
    ],
)
def test_a_term_of_prisoners_is_none_of_a_reply(text):
    assert owed_by(text, is_answered=True) is None


@pytest.mark.parametrize(
    "text",
    [
        "The CPT would like to receive, within one month, their comments on this matter.",
        "Within three months, the CPT would like to be informed of the outcome of the inquiry.",
        "The authorities are invited to submit their comments on the present opinion within four months.",
        "The CPT requests the authorities to close the cells within three months and to submit a response within six "
        "months.",
        "Le CPT souhaite recevoir, dans un délai de trois mois, leurs commentaires sur ce point.",
        "The CPT requests the authorities to submit, on the basis of this report, a response within six months.",
        "The CPT requests that the Government provide a response on the prisons of the capital within three months.",
        "The Commission requests that the State report on the adoption of precautionary measures within 15 days.",
        "El CPT pide a las autoridades que le faciliten, en el plazo de un mes, una respuesta.",
        "Les autorités sont invitées à soumettre leurs commentaires sur le présent avis dans un délai de quatre "
        "mois.",
    ],
)
def test_a_term_in_the_clause_of_the_request_is_that_of_the_reply(text):
    assert owed_by(text, is_answered=True)[0] == "reply"


@pytest.mark.parametrize(
    "text",
    [
        "The Committee notes that the next report of the Ombudsman will be submitted to Parliament by 1 May 2029.",
        "The Committee notes that the periodic reports of prison inspectors are submitted to the Ministry by 31 "
        "December 2028.",
        "The Committee notes that the next report to UNESCO is due on 1 May 2029.",
        "The Committee notes that the next report will be submitted to the National Assembly by 1 May 2029.",
        "The Committee notes that the next report of the working group is due on 1 May 2029.",
        "El Comité recomienda que los informes periódicos de la Defensoría deban ser presentados al Congreso a más "
        "tardar el 1 de junio de 2028.",
        "Le Comité recommande que les rapports périodiques de l’inspection doivent être soumis au Parlement avant le "
        "1er juin 2028.",
        "توصي اللجنة بأن تكون التقارير المقرر تقديمها إلى البرلمان في موعد أقصاه 1 حزيران/يونيه 2028.",
        "The State party should ensure that its periodic reports to the parliament are to be submitted by 1 June "
        "2028.",
    ],
)
def test_the_report_of_another_is_none_of_the_state(text):
    assert owed_by(text) is None
    unit = Unit("12", Kind.INFORMATION, text)
    mark_obligations([unit], issued=date(2026, 1, 1), of_case=False)
    assert unit.kind == Kind.INFORMATION


@pytest.mark.parametrize(
    "text",
    [
        "The next report of Testland is due by 31 December 2027.",
        "The sixth periodic report of the State party is due on 15 July 2029.",
        "The next periodic report of the United Republic of Testland is due on 15 July 2029.",
        "Le prochain rapport périodique de l’Ostovar doit être soumis le 15 juillet 2029 au plus tard.",
        "El próximo informe periódico de la República de Testlandia debe presentarse el 15 de julio de 2029.",
        "Le sixième rapport périodique de l’État partie doit être soumis le 15 juillet 2029 au plus tard.",
        "The next periodic report of Testland is to be submitted to the Committee by 15 July 2029.",
    ],
)
def test_the_report_of_the_state_stays_its_own(text):
    assert owed_by(text)[0] == "periodic-report"


@pytest.mark.parametrize(
    ("text", "of_case"),
    [
        (
            "The State party shall submit its eighth and ninth periodic reports by 31 March 2030, with quarterly "
            "statistics.",
            False,
        ),
        (
            "The State party is requested to submit its next periodic report by 1 May 2029, annexing annual reports "
            "of the Ombudsman.",
            False,
        ),
        (
            "El Comité pide al Estado parte que presente su próximo informe periódico a más tardar el 1 de mayo de "
            "2029 e incluya datos trimestrales sobre violencia.",
            False,
        ),
        (
            "Le Comité demande à l’État partie de soumettre son prochain rapport périodique d’ici au 1er mai 2029, y "
            "compris les statistiques trimestrielles.",
            False,
        ),
        (
            "The Court orders the State to submit, within six months, a report on the measures taken to comply, "
            "including quarterly statistics.",
            True,
        ),
        (
            "The Court orders the State to submit, within six months, a report on the measures taken to comply, with "
            "data for every month.",
            True,
        ),
    ],
)
def test_statistics_of_every_quarter_are_no_report_of_every_quarter(text, of_case):
    _duty, term = owed_by(text, of_case=of_case)
    assert term.every == 0


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("It shall submit a report within one year of notification of this judgment, and annually thereafter.", 12),
        ("It shall submit a report within six months and then quarterly reports on the measures taken.", 3),
        ("Ordonne à l’État de faire rapport dans un délai de six mois, et par la suite tous les trois mois.", 3),
        ("El Estado deberá presentar un informe en el plazo de un año y, posteriormente, informes anuales.", 12),
    ],
)
def test_what_is_due_again_thereafter_has_its_interval(text, every):
    assert [term.every for term in terms_in(text)] == [every]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("The CPT would like to receive an annual report of the Ombudsman.", {"is_answered": True}),
        (
            "The prison service stated that the CPT would like to receive annual reports on suicides.",
            {"is_answered": True},
        ),
        (
            "The authorities are invited to submit their comments and to carry out quarterly inspections.",
            {"is_answered": True},
        ),
        (
            "Les autorités sont invitées à soumettre leurs commentaires et à mener des inspections trimestrielles.",
            {"is_answered": True},
        ),
        (
            "The prison service sends quarterly reports to the CPT, which would like to be informed of the response.",
            {"is_answered": True},
        ),
        ("Orders the State to report to the families of the victims every six months.", {"of_case": True}),
        (
            "Orders the State to report to the victims every six months on the measures taken to find the remains.",
            {"of_case": True},
        ),
        ("Dispone que el Estado rinda cada seis meses un informe a los familiares.", {"of_case": True}),
    ],
)
def test_an_interval_of_others_is_none_of_a_reply(text, context):
    assert owed_by(text, **context) is None


@pytest.mark.parametrize(
    "text",
    [
        "The Commission requests that the State of Ruritania: report on the measures adopted every two months.",
        "The Commission requests that the State submit to it a report every two months on the implementation of the "
        "measures.",
        "La Comisión solicita al Estado que informe cada dos meses sobre las medidas adoptadas.",
        "La Commission demande à l’État de lui faire rapport tous les deux mois sur les mesures prises.",
    ],
)
def test_a_report_that_the_state_is_asked_for_every_two_months_is_due_to_the_body(text):
    duty, term = owed_by(text, is_answered=True)
    assert (duty, term.every) == ("reply", 2)


@pytest.mark.parametrize(
    "text",
    [
        "The CPT requests the authorities to ensure that directors report every month on the measures taken.",
        "The Commission requests that the State ensure that prisons report every two months on the measures adopted.",
    ],
)
def test_a_report_of_others_on_measures_is_not(text):
    assert owed_by(text, is_answered=True) is None


def test_a_reply_that_the_committee_is_sent_every_year_has_an_interval():
    text = "The CPT requests the authorities to submit to the Committee an annual report on the action taken."
    duty, term = owed_by(text, is_answered=True)
    assert (duty, term.every) == ("reply", 12)


@pytest.mark.parametrize(
    ("text", "issued", "day"),
    [
        (
            "It requests the State party to provide, within one year of the entry into force of the Act (1 January "
            "2027), information on the implementation of paragraphs 9 and 12.",
            date(2025, 11, 12),
            None,
        ),
        (
            "Le Comité demande à l’État partie de fournir, dans un délai d’un an à compter de l’entrée en vigueur de "
            "la loi (le 1er janvier 2027), des renseignements sur les paragraphes 9 et 12.",
            date(2025, 11, 12),
            None,
        ),
        (
            "It requests the State party to provide, within two years of the adoption of the present observations "
            "(12 March 2026), information on the implementation of paragraphs 9 and 12.",
            None,
            None,
        ),
        (
            "El Comité pide al Estado parte que facilite, en el plazo de dos años a partir de la aprobación de las "
            "presentes observaciones (12 de marzo de 2026), información sobre los párrafos 9 y 12.",
            date(2026, 3, 10),
            None,
        ),
        (
            "It requests the State party to provide, within 24 months of the adoption of the present concluding "
            "observations (31 October 2027), information on the implementation of paragraphs 9 and 12.",
            date(2025, 10, 17),
            date(2027, 10, 31),
        ),
        (
            "It requests the State party to provide, within one year of the entry into force of the Act (by 1 "
            "January 2028), information on the implementation of paragraphs 9 and 12.",
            date(2025, 11, 12),
            date(2028, 1, 1),
        ),
        (
            "It requests the State party to provide, within two years (12 May 2028), information on the "
            "implementation of paragraphs 9 and 12.",
            None,
            date(2028, 5, 12),
        ),
    ],
)
def test_the_day_on_which_a_term_starts_is_no_deadline(text, issued, day):
    unit = Unit("50", kind_of(text), text)
    flag([unit])
    mark_obligations([unit], issued=issued, of_case=False)
    assert (unit.deadline.day, bool(unit.deadline.length)) == (day, True)


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("to submit its next report by 1 November 2029 and to adopt the simplified reporting procedure", False),
        ("to submit its next report under the Convention, ratified in 2005, by 1 May 2029", False),
        ("presente su próximo informe a más tardar el 1 de mayo y que se adhiera a las directrices", False),
        ("soumettre son rapport d’ici au 1er mai 2029 et à adhérer aux directives harmonisées", False),
        ("presente su informe en virtud de la Convención, ratificada en 2005, a más tardar el 1 de mayo", False),
        ("soumettre son rapport au titre de la Convention, ratifiée en 2005, d’ici au 1er mai 2029", False),
        ("soumettre son rapport d’ici au 1er mai 2029 et à adhérer au Protocole facultatif", True),
        ("to submit its report by 1 May 2029 and to adopt a law on violence", True),
        ("presente su informe a más tardar el 1 de mayo y se adhiera al Protocolo facultativo", True),
    ],
)
def test_the_way_of_reporting_is_no_demand_of_its_own(text, more):
    assert asks_for_more(text) is more
