"""The points of judgments, and lists behind "RECOMMENDS THAT THE STATE:"."""

import pytest

from servanda.language.documents.operative_parts import operative_units
from servanda.language.documents.units import Block


def points(*texts: str, of_court: bool = False):
    units = operative_units([Block(text) for text in texts], of_court=of_court)
    return [(unit.number, unit.kind.value, unit.text) for unit in units]


def test_what_a_commission_recommends_without_numbers():
    assert points(
        "La Comisión concluye que el Estado es responsable.",
        "En su Informe, la CIDH recomendó al Estado de Testlandia:",
        "Investigar los hechos.",
        "Reparar a las víctimas.",
        "PUBLICACIÓN",
        "La Comisión decide publicar este informe.",
    ) == [("", "recommendation", "Investigar los hechos."), ("", "recommendation", "Reparar a las víctimas.")]


def test_numbers_of_the_report_behind_the_list_end_it():
    found = points(
        "THE COMMISSION REITERATES THAT THE STATE:",
        "1. Provide a remedy;",
        "2. Review its laws.",
        "98. The Commission also reiterates its request.",
    )
    assert [number for number, _kind, _text in found] == ["1", "2"]


def test_what_a_court_finds_is_no_demand_and_what_it_orders_is_one():
    assert points(
        "LA CORTE",
        "DECLARA,",
        "Por unanimidad, que:",
        "1. El Estado es responsable por la violación.",
        "Y DISPONE:",
        "Por unanimidad, que:",
        "2. Esta Sentencia constituye una forma de reparación.",
        "3. El Estado pagará las cantidades fijadas.",
        "4. La Corte supervisará el cumplimiento.",
        of_court=True,
    ) == [
        ("1", "information", "El Estado es responsable por la violación."),
        ("2", "information", "Esta Sentencia constituye una forma de reparación."),
        ("3", "recommendation", "El Estado pagará las cantidades fijadas."),
        ("4", "information", "La Corte supervisará el cumplimiento."),
    ]


def test_a_request_for_measures_is_the_title_and_not_a_demand():
    found = points(
        "LA CORTE",
        "DECIDE:",
        "1. Request for provisional measures regarding the State of Testland.",
        "2. To require the State to protect the victims.",
        "3. Require the State to inform the Court.",
        of_court=True,
    )
    assert [kind for _number, kind, _text in found] == ["information", "recommendation", "recommendation"]


def test_a_number_drawn_a_line_too_late_goes_before_its_point():
    assert points("DISPONE", "El Estado pagará las cantidades de esta", "12.", "Sentencia.", of_court=True) == [
        ("12", "recommendation", "El Estado pagará las cantidades de esta Sentencia.")
    ]


def test_roman_points_and_titles_between_them():
    assert points(
        "OPERATIVE PART",
        "145. For these reasons,",
        "THE COURT,",
        "i. Holds that it has jurisdiction.",
        "On reparations",
        "ii. Orders the Respondent State to pay damages.",
        of_court=True,
    ) == [
        ("i", "information", "Holds that it has jurisdiction."),
        ("ii", "recommendation", "Orders the Respondent State to pay damages."),
    ]


def test_a_text_without_an_operative_part_has_no_points():
    assert points("The Commission met in May.", "It adopted its report.") == []


def test_points_of_a_commission_keep_the_sentence_above_their_list():
    units = operative_units(
        [
            Block(text)
            for text in (
                "Decision of the Commission on the merits",
                "120. For these reasons, the African Commission:",
                "i. Finds that the Respondent State has violated Articles 1 and 7 of the Charter.",
                "ii. Recommends that the Respondent State:",
                "a. Pay adequate compensation to the victims;",
                "b. Amend its Press Act.",
                "iii. Requests the Respondent State to report within 180 days.",
                "Done at the 51st Ordinary Session held in Banjul from 1 to 9 May 2012.",
            )
        ],
        of_court=True,
    )
    assert [(unit.number, unit.kind.value) for unit in units] == [
        ("i", "information"),
        ("ii(a)", "recommendation"),
        ("ii(b)", "recommendation"),
        ("iii", "recommendation"),
    ]
    assert units[1].lead.endswith("Recommends that the Respondent State:")
    assert not units[3].lead.endswith("Recommends that the Respondent State:")


def test_a_decision_in_one_sentence_is_cut_at_its_verbs():
    assert points(
        "12. The Complainant requests the Commission to recommend that the State pay compensation.",
        "Holding",
        "For the above reasons, the Commission",
        "Holds a violation of Articles 6 and 7 of the Charter.",
        "Urges the Government to release the four journalists.",
        "Calls on the Government to amend its laws.",
        of_court=True,
    ) == [
        ("", "information", "Holds a violation of Articles 6 and 7 of the Charter."),
        ("", "recommendation", "Urges the Government to release the four journalists."),
        ("", "recommendation", "Calls on the Government to amend its laws."),
    ]


def test_the_only_point_may_stand_in_the_sentence_that_opens_the_decision():
    assert points(
        "16. Domestic remedies were not exhausted.",
        "Holding",
        "For these reasons, and in accordance with Article 56(5) of the African Charter, the African Commission, "
        "Declares this communication inadmissible due to non-exhaustion of local remedies.",
        of_court=True,
    ) == [("", "information", "Declares this communication inadmissible due to non-exhaustion of local remedies.")]


@pytest.mark.parametrize(
    ("opener", "finds", "asks"),
    [
        (
            "Par ces motifs, la Commission :",
            "Déclare la communication recevable ;",
            "Demande à l’État défendeur de réviser la loi ;",
        ),
        (
            "Par ces motifs, la Commission :",
            "Dit qu’il y a eu violation de l’article 7 ;",
            "Exhorte l’État défendeur à payer.",
        ),
        (
            "Por estas razones, la Comisión:",
            "Declara admisible la comunicación;",
            "Recomienda al Estado que revise la ley.",
        ),
        ("لهذه الأسباب، فإن اللجنة:", "تعلن قبول البلاغ؛", "توصي الدولة المدعى عليها بتعديل القانون."),
        ("لهذه الأسباب، فإن اللجنة:", "تقرر أن الدولة انتهكت المادة 7؛", "تطلب إلى الدولة المدعى عليها دفع تعويض."),
        (
            "FOR THESE REASONS, THE COURT, UNANIMOUSLY,",
            "Declares the application admissible;",
            "Orders the respondent State to pay.",
        ),
        (
            "PAR CES MOTIFS, LA COUR, À L’UNANIMITÉ,",
            "Déclare la requête recevable ;",
            "Dit que l’État défendeur doit verser la somme.",
        ),
    ],
)
def test_decisions_open_in_every_language(opener, finds, asks):
    found = points("1. The facts.", opener, f"1. {finds}", f"2. {asks}", of_court=True)
    assert [(number, kind) for number, kind, _text in found] == [("1", "information"), ("2", "recommendation")]


def test_a_court_that_holds_that_the_state_is_to_pay_asks_for_it():
    found = operative_units(
        [
            Block(text)
            for text in (
                "FOR THESE REASONS, THE COURT, UNANIMOUSLY,",
                "1. Holds that there has been a violation of Article 3 of the Convention;",
                "2. Holds",
                "(a) that the respondent State is to pay the applicant, within three months, EUR 5,000;",
                "(b) that from the expiry of the three months simple interest shall be payable;",
                "3. Dismisses the remainder of the claim for just satisfaction.",
                "Done in English, and notified in writing on 3 May 2022.",
            )
        ],
        of_court=True,
    )
    assert [(unit.number, unit.kind.value, unit.lead) for unit in found] == [
        ("1", "information", ""),
        ("2(a)", "recommendation", "Holds"),
        ("2(b)", "recommendation", "Holds"),
        ("3", "information", ""),
    ]


def test_bullets_of_a_point_keep_its_sentence_and_are_not_joined():
    found = operative_units(
        [
            Block(text)
            for text in (
                "For these reasons, the Commission:",
                "1. Finds a violation of Article 5;",
                "2. Urges the Respondent State to:",
                "• release the detainees;",
                "• reopen the newspaper.",
            )
        ],
        of_court=True,
    )
    assert [(unit.number, unit.text) for unit in found[1:]] == [
        ("2", "release the detainees;"),
        ("2", "reopen the newspaper."),
    ]
    assert all(unit.lead.endswith("Urges the Respondent State to:") for unit in found[1:])
    assert all(unit.kind == "recommendation" for unit in found[1:])


def test_what_is_asked_of_the_parties_is_not_asked_of_the_state():
    assert points(
        "Holding",
        "The African Commission takes note of the request and decides to close the file.",
        "The African Commission also requests the parties to forward the settlement to the Secretariat.",
        "Done at the 39th Ordinary Session held in Banjul from 11th to 25th May 2006.",
        of_court=True,
    )[1][:2] == ("", "information")


def test_a_court_resolves_in_infinitives_what_it_asks_of_the_state():
    assert [
        kind
        for _number, kind, _text in points(
            "RESUELVE:",
            "1. Solicitar al Estado que presente un informe.",
            "2. Disponer que la Secretaría notifique la presente Resolución.",
            of_court=True,
        )
    ] == ["recommendation", "information"]


def test_a_second_sentence_that_announces_items_leads_them():
    found = operative_units(
        [
            Block(text)
            for text in (
                "Decision of the Commission",
                "244. In view of the above reasoning, the Commission holds that the State violated Article 1.",
                "The African Commission recommends that the Respondent State:",
                "a. Pays adequate compensation;",
                "b. Amends its law.",
            )
        ],
        of_court=True,
    )
    assert [(unit.kind.value, unit.text) for unit in found] == [
        ("information", "holds that the State violated Article 1."),
        ("recommendation", "Pays adequate compensation;"),
        ("recommendation", "Amends its law."),
    ]


def test_an_order_opens_where_the_vote_is_printed_in_the_same_line():
    rows = points(
        "1. La Sentencia dictada el 11 de junio de 2018.",
        "LA CORTE, en el ejercicio de sus atribuciones, RESUELVE: Por unanimidad,",
        "1. Disponer que el Estado presente a la Corte, a más tardar el 30 de septiembre de 2026, un informe.",
        "2. Disponer que la Secretaría notifique la presente Resolución al Estado.",
        of_court=True,
    )
    assert [row[:2] for row in rows] == [("1", "recommendation"), ("2", "information")]


def test_the_closing_formula_in_portuguese_is_no_point():
    rows = points(
        "LA CORTE DISPONE:",
        "1. A Corte supervisionará o cumprimento integral desta Sentença.",
        "Redigida em português e espanhol, em San José, Costa Rica, em 3 de outubro de 2025.",
        of_court=True,
    )
    assert len(rows) == 1
