"""An encoder learned from the texts of a register: words that stand together are near."""

import pytest

from servanda.language.vectors import lsa
from servanda.language.vectors.encoder import NoEncoder

WATER = [f"Ensure safe drinking water and sanitation for village number {n}." for n in range(30)]
PRISON = [f"Reduce overcrowding of prisons and the time of detention in region {n}." for n in range(30)]


def test_words_that_stand_together_are_near():
    encoder = lsa.opened(lsa.learn(WATER + PRISON))
    water, sanitation, prisons = encoder.encode(["drinking water", "sanitation", "prisons"])
    assert water @ sanitation > 0.8 > 0.3 > water @ prisons


def test_what_was_learned_is_the_same_from_the_same_texts_and_its_version_says_so():
    one, other, more = lsa.learn(WATER + PRISON), lsa.learn(WATER + PRISON), lsa.learn(WATER + PRISON + ["Water."])
    assert lsa.opened(one).version == lsa.opened(other).version != lsa.opened(more).version


def test_a_text_without_a_known_word_is_nowhere():
    assert not lsa.opened(lsa.learn(WATER + PRISON)).encode(["", "Zorbatrix"]).any()


@pytest.mark.parametrize("texts", [[], WATER[:10], ["one"] * 100, [chr(0x4E00 + n) for n in range(60)]])
def test_too_little_to_learn_from_is_said(texts):
    with pytest.raises(NoEncoder):
        lsa.learn(texts)
