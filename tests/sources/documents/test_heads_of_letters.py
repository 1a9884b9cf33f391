"""The head of a letter: its own day, the day of the reply, and what stands beside the mandates."""

from datetime import date

import docx
import pytest

from servanda.sources.documents.reader import read_document

QUESTIONS = ["1. Why was the ferry stopped?", "2. Who ordered it?"]
MANDATE = "Special Rapporteur on the right to food"


def letter(path, head, body=("Excellency,", *QUESTIONS), foot=()):
    """A letter whose head may have rows of a table: tuples."""
    document = docx.Document()
    for row in (*head, *body, *foot):
        if isinstance(row, tuple):
            cells = document.add_table(rows=1, cols=len(row)).rows[0].cells
            for cell, text in zip(cells, row, strict=True):
                cell.text = text
        else:
            document.add_paragraph(row)
    document.save(str(path / "letter.docx"))
    return read_document(path / "letter.docx")


def reply_of(reading):
    return next(unit.deadline for unit in reading.units if unit.duty == "reply")


@pytest.mark.parametrize(
    ("label", "day"),
    [
        ("Response expected", "4 May 2026"),
        ("Deadline for reply", "on 4 May 2026"),
        ("Réponse souhaitée", "le 4 mai 2026"),
        ("Date limite", "4 mai 2026"),
        ("Plazo para la respuesta", "4 de mayo de 2026"),
        ("Fecha de respuesta", "4 de mayo de 2026"),
        ("Prazo de resposta", "4 de maio de 2026"),
        ("تاريخ تلقي الرد", "4 أيار/مايو 2026"),
        ("مهلة الرد", "في موعد أقصاه 4 أيار/مايو 2026"),
    ],
)
def test_a_row_for_the_reply_gives_its_day_and_not_that_of_the_letter(label, day, tmp_path):
    head = [("Reference", "AL TST 8/2026"), ("Mandates", MANDATE), (label, day)]
    reading = letter(tmp_path, head, foot=["With our highest consideration,", "Geneva, 2 March 2026"])
    assert (reading.adopted, reply_of(reading).day) == (date(2026, 3, 2), date(2026, 5, 4))


def test_a_letter_without_a_day_has_none_rather_than_that_of_the_reply(tmp_path):
    head = [f"Mandate of the {MANDATE}", "AL TST 8/2026", "Answer due by 4 May 2026"]
    reading = letter(tmp_path, head)
    assert (reading.adopted, reply_of(reading).day) == (None, date(2026, 5, 4))


def test_a_time_in_days_may_stand_in_the_row_for_the_reply(tmp_path):
    head = [f"Mandate of the {MANDATE}", "AL TST 8/2026", "Date:\t2 March 2026", ("Response due", "within 30 days")]
    reading = letter(tmp_path, head)
    assert (reading.adopted, reply_of(reading).count) == (date(2026, 3, 2), 30)


@pytest.mark.parametrize(
    "head",
    [
        ["The Office presents its compliments to the Permanent Mission of Testland.", "9 March 2026",
         f"Mandate of the {MANDATE}", "AL TST 8/2026", "2 March 2026"],
        ["Le Haut-Commissariat présente ses compliments à la Mission permanente.", "Genève, 9 mars 2026",
         "Mandat du Rapporteur spécial sur le droit à l’alimentation", "Réf. : AL TST 8/2026", "2 mars 2026"],
        [f"Mandate of the {MANDATE}", "Testland: letter AL TST 8/2026 dated 2 March 2026"],
        ["Mandato del Relator Especial sobre el derecho a la alimentación",
         "Comunicación AL TST 8/2026, de fecha 2 de marzo de 2026"],
    ],
    ids=["note", "French note", "dated", "Spanish dated"],
)  # fmt: skip
def test_the_day_is_that_of_the_letter_itself(head, tmp_path):
    assert letter(tmp_path, head).adopted == date(2026, 3, 2)


def test_a_day_in_words_is_followed_by_itself_in_brackets(tmp_path):
    foot = ["Done at Geneva, on the second of March two thousand and twenty-six (2 March 2026)."]
    head = [f"Mandate of the {MANDATE}", "AL TST 8/2026"]
    assert letter(tmp_path, head, foot=foot).adopted == date(2026, 3, 2)


def test_the_end_of_a_word_is_no_article_before_the_next_mandate(tmp_path):
    head = [
        ("Referencia", "AL TST 8/2026"),
        ("Mandatos", "Relator Especial sobre los derechos de los desplazados Relatora Especial sobre los refugiados"),
    ]
    assert letter(tmp_path, head).mandates == [
        "Relator Especial sobre los derechos de los desplazados",
        "Relatora Especial sobre los refugiados",
    ]


@pytest.mark.parametrize(
    "head",
    [
        [f"From: {MANDATE} To: Minister of Fisheries", "AL TST 8/2026"],
        [f"{MANDATE} Office of the High Commissioner Palais des Nations", "AL TST 8/2026"],
        [f"{MANDATE} Testland – letter AL TST 8/2026 dated 2 March 2026"],
    ],
    ids=["label", "letterhead", "reference"],
)
def test_what_stands_beside_a_mandate_is_no_part_of_it(head, tmp_path):
    assert letter(tmp_path, head).mandates == [MANDATE]


@pytest.mark.parametrize(
    "row",
    [
        "Date of the reply of the Government: 4 May 2026",
        "Subject: date of response of the rescue services to the sinking of a ferry on the night of 4 May 2026",
        "Fecha de la respuesta del Gobierno: 4 de mayo de 2026",
    ],
)
def test_a_reply_that_was_given_is_not_due(row, tmp_path):
    head = [f"Mandate of the {MANDATE}", "AL TST 8/2026", "1 March 2026", row]
    reading = letter(tmp_path, head)
    assert (reading.adopted, reply_of(reading)) == (date(2026, 3, 1), None)


def test_a_day_for_the_reply_before_that_of_the_letter_is_none(tmp_path):
    head = [f"Mandate of the {MANDATE}", "AL TST 8/2026", "Date:\t9 May 2026", ("Reply requested", "by 4 May 2026")]
    assert reply_of(letter(tmp_path, head)) is None
