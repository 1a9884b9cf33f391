"""Terms in texts of bodies: their length or date, what starts their clock, what is due, and when it is due again."""

import datetime

import pytest

from servanda.language.documents.duties import combined_in, duty_of
from servanda.language.documents.terms import later, terms_in
from tests.language.documents.terms_of_judgments import points_of_judgments


def only_term(text):
    (term,) = terms_in(text)
    return term


@pytest.mark.parametrize(
    ("text", "count", "length"),
    [
        ("to provide, within one year of the adoption, information", 1, "years"),
        ("within a period of 180 days", 180, "days"),
        ("within one hundred and eighty (180) days of its receipt", 180, "days"),
        ("no later than 60 days after receipt", 60, "days"),
        ("We would appreciate a response within 48 hours.", 48, "hours"),
        ("within ten working days", 10, "working-days"),
        ("dans un délai de deux ans, des renseignements", 2, "years"),
        ("dans un délai d’un an à compter de la notification", 1, "years"),
        ("dans les six (6) mois", 6, "months"),
        ("sous soixante jours", 60, "days"),
        ("en el plazo de un año, información", 1, "years"),
        ("dentro del plazo de dieciocho meses", 18, "months"),
        ("dentro de los sesenta (60) días siguientes", 60, "days"),
        ("en un plazo de dos semanas", 2, "weeks"),
        ("no prazo de dois anos, informações", 2, "years"),
        ("no prazo máximo de 90 dias", 90, "days"),
        ("в течение двух лет представить информацию", 2, "years"),
        ("в течение года", 1, "years"),
        ("في غضون سنة واحدة، معلومات", 1, "years"),
        ("في غضون سنتين", 2, "years"),
        ("خلال ستة (6) أشهر", 6, "months"),
        ("في غضون اثني عشر شهراً", 12, "months"),
        ("في غضون ٦٠ يوماً", 60, "days"),
        ("في أجل أقصاه ثمان وأربعون ساعة", 48, "hours"),
        ("请缔约国在两年内提供资料", 2, "years"),
    ],
)
def test_a_term_has_the_length_that_the_text_states(text, count, length):
    term = only_term(text)
    assert (term.count, term.length) == (count, length)


@pytest.mark.parametrize(
    "text",
    [
        "its sixth report by 15 March 2027",
        "no later than 15 March 2027",
        "its report, which is due on 15 March 2027",
        "son rapport au plus tard le 15 mars 2027",
        "son rapport d’ici au 15 mars 2027",
        "su informe a más tardar el 15 de marzo de 2027",
        "seu relatório até 15 de março de 2027",
        "доклад не позднее 15 марта 2027 года",
        "تقريرها بحلول 15 آذار/مارس 2027",
        "在2027年3月15日之前提交",
    ],
)
def test_a_date_after_a_word_of_term_is_a_deadline(text):
    assert only_term(text).day == datetime.date(2027, 3, 15)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("its ninth periodic report, which is due in February 2028", datetime.date(2028, 2, 29)),
        ("son rapport, attendu pour novembre 2028", datetime.date(2028, 11, 30)),
        ("su informe, que deberá presentar en mayo de 2028", datetime.date(2028, 5, 31)),
        ("by the end of 2027", datetime.date(2027, 12, 31)),
    ],
)
def test_a_month_or_a_year_ends_with_its_last_day(text, day):
    assert only_term(text).day == day


@pytest.mark.parametrize(
    "text",
    [
        "The law of 15 March 2027 was adopted.",
        "within reason",
        "within a reasonable time",
        "remains accessible for at least one year",
        "los hechos ocurridos el 27 de julio de 2008",
        "el proceso se extendió hasta el 24 de marzo de 2025",
        "held in prison until 24 March 2025",
    ],
)
def test_other_days_and_lengths_are_no_terms(text):
    assert terms_in(text) == []


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("within one year of notification of this judgment", "notification"),
        ("within 60 days of receipt of this letter", "receipt"),
        ("within three months from the date on which the judgment becomes final", "finality"),
        ("within one year of the adoption of the present concluding observations", "issued"),
        ("within 60 days of the date of this letter", "letter"),
        ("within one year of receipt of the list of issues", "list-of-issues"),
        ("dentro del plazo de un año contado a partir de la notificación", "notification"),
        ("dans un délai de trois mois à compter du jour où l’arrêt sera devenu définitif", "finality"),
        ("في غضون ستة أشهر من تاريخ الإخطار بهذا الحكم", "notification"),
        ("Following notification of this judgment, the State shall, within six months, report", "notification"),
        ("within two years", ""),
    ],
)
def test_the_clock_starts_where_the_text_says(text, clock):
    assert only_term(text).clock == clock


@pytest.mark.parametrize(
    "text",
    [
        "a report within six months, and every six months thereafter",
        "un rapport dans un délai de six mois, puis tous les six (6) mois",
        "un informe en el plazo de seis meses y posteriormente cada seis meses",
        "تقريراً في غضون ستة أشهر، وكل ستة أشهر بعد ذلك",
    ],
)
def test_a_term_may_be_due_again(text):
    assert only_term(text).every == 6


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        (
            "Orders the State to pay EUR 3,000 within three months and to report thereon within one year.",
            ["payment", "compliance"],
        ),
        ("We would appreciate receiving a response within 60 days.", ["reply"]),
        ("Orders the Respondent State to file its submissions within 15 days.", ["written-response"]),
        ("Orders the Respondent State to publish this judgment within three months.", ["measure"]),
        ("ordonne à l’État de verser au requérant, dans un délai de six mois, la somme de 3 000 euros", ["payment"]),
        ("The authorities were invited to submit an updated action plan by 1 March 2027.", ["action-plan"]),
    ],
)
def test_a_term_belongs_to_the_verb_beside_it(text, duty):
    assert [duty_of(text, term) for term in terms_in(text)] == duty


@pytest.mark.parametrize(
    ("text", "combined"),
    [
        ("submit its combined eighth and ninth periodic reports by 1 May 2028", "eighth and ninth"),
        ("ses huitième et neuvième rapports périodiques", "huitième et neuvième"),
        ("sus informes periódicos octavo y noveno combinados", "octavo y noveno"),
        ("seus oitavo e nono relatórios periódicos combinados", "oitavo e nono"),
        ("تقريرها الجامع للتقريرين الثامن والتاسع", "الثامن والتاسع"),
        ("submit its ninth periodic report", ""),
    ],
)
def test_combined_reports_are_named(text, combined):
    assert combined_in(text) == combined


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ((2027, 8, 31), 6, "months", (2028, 2, 29)),
        ((2028, 2, 29), 1, "years", (2029, 2, 28)),
        ((2027, 2, 28), 1, "years", (2028, 2, 28)),  # the same date, also of a longer month
        ((2027, 1, 29), 1, "months", (2027, 2, 28)),
        ((2027, 12, 10), 60, "days", (2028, 2, 8)),
        ((2027, 12, 31), 2, "weeks", (2028, 1, 14)),
        ((2027, 3, 5), 48, "hours", (2027, 3, 7)),
        ((2027, 3, 5), 3, "working-days", (2027, 3, 10)),  # over a weekend
    ],
)
def test_a_length_is_counted_over_leap_days_and_ends_of_months(start, count, unit, end):
    assert later(datetime.date(*start), count, unit) == datetime.date(*end)


@pytest.mark.parametrize("is_held_back", [False, True])
def test_terms_of_real_judgments(shared_data, is_held_back):
    points = [point for point in points_of_judgments(shared_data / "regional") if point.is_held_back == is_held_back]
    wrong = [point.name for point in points if read(point.text) != point.terms]
    assert len(points) >= 100
    assert len(wrong) / len(points) <= 0.05, wrong


def test_the_points_with_a_term_of_real_judgments(shared_data):
    points = [point for point in points_of_judgments(shared_data / "regional") if point.terms or read(point.text)]
    wrong = [point.name for point in points if read(point.text) != point.terms]
    assert len(points) >= 20
    assert len(wrong) / len(points) <= 0.05, wrong


def read(text):
    return [
        (term.count, str(term.length or ""), str(term.clock), str(duty_of(text, term)), term.every)
        for term in terms_in(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The authorities are invited to report by Friday, 30 June 2028.",
        "Les autorités sont invitées à soumettre un plan d’action d’ici à fin juin 2028.",
        "Un bilan est attendu avant fin juin 2028.",
        "El Estado presentará un informe a más tardar el viernes 30 de junio de 2028.",
        "O Estado apresentará o relatório até sexta-feira, 30 de junho de 2028.",
        "تقدم الدولة ردها في موعد أقصاه يوم الجمعة 30 حزيران/يونيو 2028.",
    ],
)
def test_a_day_with_its_weekday_and_the_end_of_a_month_are_deadlines(text):
    assert [term.day for term in terms_in(text)] == [datetime.date(2028, 6, 30)]


@pytest.mark.parametrize(
    "text",
    [
        "نرجو تلقي ردكم في موعد أقصاه 1 رمضان 1447 هـ الموافق 18 آذار/مارس 2026.",
        "نرجو تلقي ردكم في موعد أقصاه 18 آذار/مارس 2026 (الموافق 29 رمضان 1447 هـ).",
        "نرجو تلقي ردكم في موعد أقصاه ١٨ آذار/مارس ٢٠٢٦.",
    ],
    ids=["Hijri first", "Hijri behind", "Arabic-Indic digits"],
)
def test_a_day_beside_that_of_the_islamic_calendar_is_read(text):
    assert [term.day for term in terms_in(text)] == [datetime.date(2026, 3, 18)]
