from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from servanda.kit.database.kept_texts import READING, Kept, Text
from servanda.kit.database.prepared import DAY, KEY, OnceInProcess, Prepared
from servanda.people.models import Appointment, Institution, Notification
from servanda.recommendations.records.sql_text import plain_text_of
from tests import make

pytestmark = pytest.mark.django_db
ONE = Text("SELECT 1")


class Maker:
    """Counts how often a text was made."""

    def __init__(self, made: Text = ONE, *, asks: bool = False) -> None:
        self.made, self.asks, self.times = made, asks, 0

    def __call__(self) -> Text:
        self.times += 1
        if self.asks:
            Institution.objects.exists()
        return self.made


def kept(**options) -> Kept[Text]:
    return Kept[Text](lambda text: [text], **options)


def made_twice(make_text: Maker) -> int:
    texts = kept()
    for _ in range(2):
        assert texts.get("key", make_text) == make_text.made
    return make_text.times


def test_a_text_is_made_once_for_a_key():
    texts, first, second = kept(), Maker(), Maker(Text("SELECT 2"))
    assert [texts.get(key, maker).sql for key, maker in [("a", first), ("b", second), ("a", first)]] == [
        "SELECT 1",
        "SELECT 2",
        "SELECT 1",
    ]
    assert (first.times, second.times) == (1, 1)


def test_what_asked_the_database_while_it_was_made_is_made_anew():
    assert made_twice(Maker(asks=True)) == 2


def read_before(moment: datetime) -> Text:
    return plain_text_of(Notification.objects.filter(created_at__lt=moment).order_by().values("pk"))


def test_what_has_the_present_moment_in_it_is_made_anew():
    assert made_twice(Maker(read_before(timezone.now()))) == 2


def test_the_beginning_of_a_day_and_the_moment_of_reading_are_kept():
    midnight = timezone.make_aware(datetime(2026, 6, 4))
    assert made_twice(Maker(read_before(midnight))) == 1
    assert made_twice(Maker(read_before(READING))) == 1


def test_the_moment_of_reading_is_filled_in_each_time():
    text, now = read_before(READING), timezone.now()
    assert text.at(now) == read_before(now).params
    assert text.at(now) != text.at(now - timedelta(days=1))
    assert read_before(READING).params != text.kept


def test_what_nobody_asks_for_any_more_is_forgotten():
    texts, often = kept(most=4), Maker()
    for number in range(20):
        texts.get("often", often)
        texts.get(number, Maker())
    assert often.times == 1
    assert len(texts.newer) + len(texts.older) <= 5


def test_prepared_rows_equal_those_of_the_queryset():
    one, other = make.user("focal-point", make.institution("moj")), make.user("reader", make.institution("mfa"))
    Appointment.objects.filter(person=other).update(end=date(2026, 1, 1))

    def rows(person: int, day: date):
        current = Appointment.objects.current(on=day).filter(person=person)
        return current.select_related("institution").annotate(is_read=is_stored())

    prepared = OnceInProcess(lambda: rows(KEY, DAY))
    for person in (one, other):
        for day in (date(2026, 1, 1), date(2026, 1, 2)):
            expected = list(rows(person.pk, day))
            found = prepared.read(key=person.pk, day=day)
            assert found == expected
            assert [vars(row)["is_read"] for row in found] == [True] * len(expected)
            with connection.execute_wrapper(no_question):
                assert [row.institution.code for row in found] == [row.institution.code for row in expected]


def is_stored() -> Exists:
    return Exists(Institution.objects.filter(pk=OuterRef("institution")))


def no_question(*_question):
    raise AssertionError("asked again")


def test_prepared_values_are_read_each_time_with_their_types():
    user = make.user("reader", make.institution("mfa"))
    values = Prepared(Appointment.objects.order_by("pk").values_list("start", "function", "end"))
    assert values.values() == list(Appointment.objects.order_by("pk").values_list("start", "function", "end"))
    assert isinstance(values.values()[0][0], date)
    Appointment.objects.filter(person=user).delete()
    assert values.values() == []


def test_a_query_that_can_have_no_rows_has_none():
    assert Prepared(Appointment.objects.none().values_list("pk")).values() == []
