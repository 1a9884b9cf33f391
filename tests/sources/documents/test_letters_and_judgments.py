"""Days, references and terms of made letters and judgments, in four languages; and letters in odd states."""

from datetime import date

import pytest

from bench.terms import BAR, judgments, letters
from servanda.kit.files.pdf import pdf_of
from servanda.sources.candidates import Unreadable
from servanda.sources.documents.letters.heads import mandates_of
from servanda.sources.documents.reader import read_document, recognise
from tests.sources import documents_make
from tests.sources.judgments_make import made_judgments
from tests.sources.letters_make import HELD_BACK, SEEN, made_letters

LETTER = (
    "Mandate of the Special Rapporteur on the right to food",
    "Ref.: AL SVN 1/2026",
    "12 March 2026",
    "Excellency,",
    "We would like to bring to your attention information we have received concerning the arrest of two farmers.",
    "We would be grateful for your observations on the following matters:",
    "1. Please explain the legal basis of the arrest.",
    "We would appreciate receiving a response within 60 days.",
)


def written(rows, path):
    path.write_text("\n\n".join(rows), encoding="utf-8")
    return path


def reading_of(rows, tmp_path):
    return read_document(written(rows, tmp_path / "letter.txt"))


@pytest.mark.parametrize("half", [SEEN, HELD_BACK])
def test_days_references_and_terms_are_read(half, tmp_path):
    results = [*letters(half, tmp_path), *judgments(half, tmp_path)]
    for fact in ("days", "references", "terms"):
        of_fact = [(is_right, read) for name, is_right, _simple, read in results if name == fact]
        wrong = [read for is_right, read in of_fact if not is_right]
        assert 1 - len(wrong) / len(of_fact) >= BAR, (fact, wrong)


def test_there_are_enough_letters_and_judgments_and_half_of_them_were_held_back():
    counts = [len(list(made(half))) for made in (made_letters, made_judgments) for half in (SEEN, HELD_BACK)]
    assert (counts[0] + counts[1] >= 30, counts[1] >= 15) == (True, True)
    assert (counts[2] + counts[3] >= 20, counts[3] >= 10) == (True, True)


def test_subject_mandates_and_questions_are_read(tmp_path):
    results = [*letters(SEEN, tmp_path), *letters(HELD_BACK, tmp_path)]
    of_fact = [(is_right, read) for name, is_right, _simple, read in results if name.startswith("subject")]
    wrong = [read for is_right, read in of_fact if not is_right]
    assert 1 - len(wrong) / len(of_fact) >= BAR, wrong


@pytest.mark.parametrize(
    ("concerning", "title"),
    [
        ("the arrest of Ms. Ana Novak on 2 March", "the arrest of […] on 2 March"),
        ("Ana Novak, a journalist, who was arrested", "[…], a journalist, who was arrested"),
    ],
)
def test_the_proposed_title_of_a_letter_names_no_person(concerning, title, tmp_path):
    rows = [row.replace("the arrest of two farmers", concerning) for row in LETTER]
    assert reading_of(rows, tmp_path).title == title
    assert reading_of([f"Subject: {concerning}", *LETTER], tmp_path).title == title


def test_a_letter_is_recognised_in_a_pdf_and_keeps_its_pages(tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf_of("".join(f"<p>{row}</p>" for row in LETTER)))
    reading = read_document(path)
    assert recognise(path)
    assert (reading.family.code, reading.symbol, reading.state) == ("sp-letter", "AL SVN 1/2026", "SVN")
    assert {unit.page for unit in reading.units} == {1}


def test_a_letter_without_a_date_or_a_deadline_says_so(tmp_path):
    rows = [row for row in LETTER if row != "12 March 2026" and "60 days" not in row]
    reading = reading_of(rows, tmp_path)
    assert reading.adopted is None
    notes = " ".join(reading.notes)
    assert "No date was found in the letter." in notes
    assert [unit.deadline for unit in reading.units if unit.duty] == [None]  # the rules set it


def test_a_letter_without_questions_says_so(tmp_path):
    reading = reading_of([row for row in LETTER if not row.startswith("1.")], tmp_path)
    assert [unit.kind for unit in reading.units] == ["obligation"]
    assert "No numbered questions were found in the letter." in reading.notes


def test_a_letter_without_questions_and_deadline_is_not_lost(tmp_path):
    reading = reading_of([row for row in LETTER if not row.startswith("1.") and "60 days" not in row], tmp_path)
    assert [(unit.kind, unit.text, unit.deadline) for unit in reading.units] == [("obligation", LETTER[0], None)]
    assert "No numbered questions were found in the letter." in reading.notes


def test_a_day_in_the_facts_is_not_the_day_of_the_letter(tmp_path):
    rows = [row for row in LETTER if row != "12 March 2026"]
    rows.insert(4, "On 3 January 2026 they were arrested.")
    assert reading_of(rows, tmp_path).adopted is None


def test_a_scanned_letter_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(Unreadable, match="contains only images of pages, no text"):
        read_document(documents_make.page_without_text(tmp_path / "letter.pdf"))


def test_a_report_that_cites_a_letter_is_no_letter(tmp_path):
    rows = (
        "Report of the Special Rapporteur on the right to food on her visit to Slovenia",
        "1. The Special Rapporteur recalls her letter AL SVN 1/2026 of 12 March 2026 to the Government of Slovenia.",
        "2. The Special Rapporteur recommends that the Government adopt a law on the right to food without delay.",
    )
    assert reading_of(rows, tmp_path).family.code == "visit-report"


def test_a_judgment_of_many_pages_is_read_to_its_last_point(tmp_path):
    made = next(made_judgments(SEEN))
    place = next(number for number, row in enumerate(made.rows) if row == "OPERATIVE PART")
    facts = [f"{number}. The Applicant submits that the facts of the case are as set out in his Application." * 4
             for number in range(2, 1500)]  # fmt: skip
    reading = reading_of([*made.rows[:place], *facts, *made.rows[place:]], tmp_path)
    assert [unit.number for unit in reading.units if unit.duty] == ["iii"]
    assert reading.adopted == made.day


@pytest.mark.parametrize(
    "closing",
    [
        "This communication, as a comment on recently adopted legislation, and any response received from your "
        "Excellency’s Government will be made public via the communications reporting website within 48 hours.",
        "Cette communication et toute réponse reçue du Gouvernement de votre Excellence seront rendues publiques "
        "dans un délai de 48 heures.",
        "Esta comunicación y toda respuesta recibida del Gobierno de su Excelencia se harán públicas en un plazo "
        "de 48 horas.",
        "ستتاح هذه الرسالة وأي رد يرد من حكومة سعادتكم للجمهور في غضون 48 ساعة.",
    ],
)
def test_the_time_after_which_a_letter_is_published_is_no_deadline(closing, tmp_path):
    rows = [row.replace("AL SVN", "OL SVN") for row in LETTER if "60 days" not in row]
    reading = reading_of([*rows, closing], tmp_path)
    assert [unit.deadline for unit in reading.units if unit.duty] == [None]  # the rules set it


def test_a_letter_in_portuguese_is_read_with_its_subject_and_questions(tmp_path):
    rows = (
        "Mandatos da Relatora Especial sobre a situação dos defensores de direitos humanos; do Relator Especial "
        "sobre os direitos dos povos indígenas",
        "Ref.: AL TST 3/2025",
        "3 de fevereiro de 2025",
        "Excelência,",
        "Neste contexto, gostaríamos de chamar a atenção do Governo para informações que recebemos sobre o "
        "assassinato de um líder indígena.",
        "Ficaríamos gratos pelas suas observações sobre as seguintes questões:",
        "1. Por favor, forneça qualquer informação adicional que possa ter sobre as alegações acima mencionadas.",
        "2. Queira fornecer informações sobre as investigações realizadas.",
        "Agradeceríamos receber uma resposta no prazo de 60 dias. Após esse prazo, esta comunicação será tornada "
        "pública.",
    )
    reading = reading_of(rows, tmp_path)
    assert (reading.title, reading.adopted) == ("o assassinato de um líder indígena", date(2025, 2, 3))
    assert [unit.kind.value for unit in reading.units] == ["question", "question", "obligation"]
    assert reading.units[1].text == "Queira fornecer informações sobre as investigações realizadas."
    assert len(reading.mandates) == 2


@pytest.mark.parametrize(
    ("mandate", "rows"),
    [
        (
            "Mandate of the Special Rapporteur on the right to privacy",
            (
                "We would welcome your views on the following:",
                "1. Please describe the safeguards.",
                "2. Please indicate when the bill will be examined.",
                "In view of the urgency of the matter, we would appreciate a response within 60 days.",
            ),
        ),
        (
            "Mandat du Rapporteur spécial sur l’extrême pauvreté et les droits de l’homme",
            (
                "Je vous serais obligé de bien vouloir répondre aux questions suivantes :",
                "1. Quelles mesures ont été prises ?",
                "2. Les ménages ont-ils été entendus ?",
                "Je vous serais reconnaissant de me faire parvenir votre réponse dans un délai de 60 jours.",
            ),
        ),
        (
            "Mandat de la Rapporteuse spéciale sur le droit à l’éducation",
            (
                "Nous vous saurions gré de nous communiquer vos observations sur ce qui suit :",
                "1. Veuillez fournir tout commentaire sur l’analyse.",
                "2. Veuillez indiquer le calendrier d’examen.",
                "La présente communication sera rendue publique. Nous souhaiterions une réponse dans les 60 jours.",
            ),
        ),
        (
            "Mandato de la Relatora Especial sobre la trata de personas",
            (
                "Quisiéramos solicitar su cooperación y sus comentarios respecto de los siguientes puntos:",
                "1) Sírvase indicar cuántas inspecciones se realizaron.",
                "2) Sírvase facilitar datos sobre las víctimas identificadas.",
                "Le agradeceríamos que nos hiciera llegar su respuesta dentro de un plazo de sesenta días.",
            ),
        ),
        (
            "ولايتا المقرر الخاص المعني باستقلال القضاة والمحامين والمقررة الخاصة المعنية بالتعذيب",
            (
                "ونرجو موافاتنا بملاحظاتكم على ما يلي:",
                "1. يُرجى تقديم معلومات مفصلة عن إجراءات المحاكمة.",
                "2. يُرجى بيان الخطوات المتخذة لوقف تنفيذ الحكم.",
                "ونظراً إلى الطابع العاجل لهذه المسألة، نرجو تلقي رد خلال 60 يوماً.",
            ),
        ),
        (
            "Mandate of the Special Rapporteur on the right to food",
            (
                "It would assist us to have the following particulars.",
                "1. Please state what happened.",
                "2. Please state what was done.",
                "We would appreciate receiving a response within 60 days.",
            ),
        ),
    ],
    ids=["views", "answer the questions", "ce qui suit", "respecto de", "two mandates in Arabic", "unknown words"],
)
def test_questions_are_read_below_other_words_and_end_before_the_closing(mandate, rows, tmp_path):
    reading = reading_of([mandate, "AL SVN 1/2026", "3/3/2026", *rows], tmp_path)
    assert reading.family.code == "sp-letter"
    questions = [unit.text for unit in reading.units if unit.kind == "question"]
    assert questions == [row[2:].strip() for row in rows[1:3]]
    assert [(unit.deadline.count, unit.deadline.length) for unit in reading.units if unit.duty] == [(60, "days")]


def test_both_mandates_of_a_letter_in_arabic_are_read(tmp_path):
    rows = (
        "ولايتا المقرر الخاص المعني باستقلال القضاة والمحامين والمقررة الخاصة المعنية بالتعذيب",
        "المرجع: UA SVN 6/2026",
        "1. يُرجى بيان الخطوات المتخذة.",
    )
    assert len(reading_of(rows, tmp_path).mandates) == 2


def test_the_last_mandate_is_read_where_the_reference_is_in_its_row():
    rows = [
        "Mandates of the Special Rapporteur on the right to food;",
        "the Special Rapporteur on religion or belief; the Special Rapporteur on racism; Ref.: AL SVN 1/2026",
    ]
    assert [name.removeprefix("Special Rapporteur on ") for name in mandates_of(rows)] == [
        "the right to food",
        "religion or belief",
        "racism",
    ]


@pytest.mark.parametrize(
    ("fact", "question", "closing"),
    [
        (
            "The Ministry must answer such requests within ten days under the Act.",
            "2. Please explain why the Ministry did not respond to the request within ten days.",
            "We would appreciate receiving a response within 60 days.",
        ),
        (
            "El Ministerio debe responder a las solicitudes en un plazo de diez días.",
            "2. Sírvase explicar por qué el Ministerio no respondió en el plazo de diez días.",
            "Agradeceríamos recibir una respuesta en un plazo de 60 días.",
        ),
        (
            "Le Ministère doit répondre à ces demandes dans un délai de dix jours.",
            "2. Veuillez expliquer l’absence de réponse du Ministère dans un délai de dix jours.",
            "Nous serions reconnaissants de recevoir une réponse dans un délai de 60 jours.",
        ),
        (
            "وعلى الوزارة الرد على هذه الطلبات في غضون عشرة أيام.",
            "2. يُرجى بيان سبب عدم الرد في غضون عشرة أيام.",
            "ونرجو موافاتنا بردكم في غضون 60 يوماً.",
        ),
    ],
    ids=["en", "es", "fr", "ar"],
)
def test_a_time_within_which_others_answer_is_no_deadline_of_the_letter(fact, question, closing, tmp_path):
    rows = [*LETTER[:5], fact, *LETTER[5:7], question]
    (told,) = [unit.deadline for unit in reading_of([*rows, closing], tmp_path).units if unit.duty]
    assert (told.count, told.length) == (60, "days")
    (silent,) = [unit.deadline for unit in reading_of(rows, tmp_path).units if unit.duty]
    assert silent is None
