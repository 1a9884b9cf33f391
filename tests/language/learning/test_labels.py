"""Labels learned from texts: found again in texts not seen, in another language, explained, and kept as arrays."""

import numpy as np
import pytest

from servanda.language.learning import evaluation, model_file
from servanda.language.learning import labels as label_models
from servanda.language.learning.features import opening
from servanda.language.learning.label_names import ANY, LabelNames
from servanda.language.learning.labels import Sample
from servanda.language.vectors.encoder import embedder

TOPICS = {
    "water": ("safe drinking water", "clean water in villages", "water supply for schools", "wells and sanitation"),
    "prison": (
        "overcrowding in prisons",
        "conditions of detention",
        "prisoners held in cells",
        "ill-treatment in jail",
    ),
    "school": (
        "free primary education",
        "teachers in rural schools",
        "pupils who leave school",
        "textbooks for pupils",
    ),
}
VERBS = ("Ensure", "Improve", "Take steps on", "Continue to work on", "Report on", "Adopt a law on")


def sample_of(texts: list[str], language: str = "en") -> Sample:
    return Sample(texts, [language] * len(texts), embedder().encode(texts))


def taught(number: int = 1) -> tuple[list[str], list[frozenset[str]]]:
    """Each thing asked for in each way; `number` times, with other numbers in the text."""
    pairs = [
        (f"{verb} {thing}" + (f" before {2000 + at}" if number > 1 else "") + ".", frozenset([topic]))
        for at in range(number)
        for topic, things in TOPICS.items()
        for thing in things
        for verb in VERBS
    ]
    return [text for text, _ in pairs], [labels for _, labels in pairs]


def learned(number: int = 1, **how) -> evaluation.Judged:
    texts, labels = taught(number)
    return evaluation.learn(sample_of(texts), labels, [at % 7 for at in range(len(texts))], **how)


def said(model: label_models.Model, text: str, language: str = "en") -> list[str]:
    chosen = model.suggested(model.probabilities(sample_of([text], language)))[0]
    return [label for label, yes in zip(model.labels, chosen, strict=True) if yes]


def test_from_few_texts_labels_carry_over_to_another_language():
    model = learned().model
    assert said(model, "Guarantee drinking water for all households.") == ["water"]
    assert said(model, "Reducir el hacinamiento en las prisiones.", "es") == ["prison"]
    assert said(model, "تحسين أوضاع السجون والسجناء.", "ar") == ["prison"]


def test_from_many_texts_words_are_weighed_and_said():
    model = learned(7).model
    assert said(model, "Guarantee drinking water for all households.") == ["water"]
    (reasons,) = model.reasons(model.counted(["Guarantee drinking water for all."]), [["water"]], most=2)
    assert any("water" in word for word in reasons[0])


def test_words_of_one_language_do_not_speak_for_another():
    """The encoder alone answers in a language that too few texts were in, so unknown words are no evidence."""
    model = learned(7).model
    spanish = sample_of(["Reducir el hacinamiento en las prisiones."], "es")
    meaning = model.evidence(spanish)[label_models.MEANING]
    alone = 1 / (1 + np.exp(-(model.bare[label_models.MEANING] * meaning + model.bare[-1])))
    assert np.allclose(model.probabilities(spanish), alone, atol=1e-6)


def names_of_topics() -> LabelNames:
    """ "water" has names in two languages; "prison" in one, and by a word that no text of `TOPICS` has."""
    names = ["Water", "Agua", "Gaol", "School", "Escuela"]
    return LabelNames(
        ["prison", "school", "water"], names, ["en", "es", ANY, "en", "es"], [2, 2, 0, 1, 1], embedder().encode(names)
    )


def test_a_label_is_heard_by_its_name_in_the_language_of_the_text():
    names = names_of_topics()
    english, spanish = names.shared(["Safe water.", "El agua.", "A gaol."], ["en", "es", "en"]).argmax(axis=1)[[0, 1]]
    assert (english, spanish) == (2, 2)
    assert names.shared(["Agua", "Water"], ["en", "es"]).max() == 0
    assert names.shared(["A gaol."], ["en"])[0].tolist() == [1, 0, 0]
    assert not names.named_in("ru")


def test_a_name_that_no_text_had_finds_its_label_and_goes_with_the_file():
    model = learned(7, names=names_of_topics()).model
    content = model_file.packed(model, encoder="x 1")
    again = model_file.unpacked(content, encoder="x 1", digest=model_file.digest_of(content))
    asked = sample_of(["Improve the gaol.", "Mejorar la escuela."], "es")
    assert np.array_equal(model.probabilities(asked), again.probabilities(asked))
    without = learned(7).model.probabilities(asked)
    assert model.probabilities(asked)[1, 1] > without[1, 1]


def test_what_another_model_sees_helps_and_goes_with_the_file():
    """The helper knows verbs, and so do labels of a few texts that it helps."""
    texts, _labels = taught(7)
    verbs = [frozenset(["adopt" if text.startswith("Adopt") else "other"]) for text in texts]
    groups = [at % 7 for at in range(len(texts))]
    helper = evaluation.learn(sample_of(texts), verbs, groups).model
    helped = evaluation.learn(sample_of(texts[:60]), verbs[:60], groups[:60], helper=helper).model
    assert said(helped, "Adopt a law on something unheard of.") == ["adopt"]
    again = model_file.unpacked(
        content := model_file.packed(helped, encoder="x 1"), encoder="x 1", digest=model_file.digest_of(content)
    )
    for asked in (sample_of(["Adopt a law on prisons."]), sample_of(["Adoptar una ley."], "es")):
        assert np.array_equal(helped.probabilities(asked), again.probabilities(asked))


def test_what_another_model_sees_helps_in_languages_whose_words_nobody_learned():
    """Few texts say what is for ministries of health; many say what water is, and so does the same in Arabic."""
    texts, topics = taught(3)
    groups = [at % 7 for at in range(len(texts))]
    helper = evaluation.learn(sample_of(texts), topics, groups).model
    told = [frozenset(["health" if "water" in topic else "elsewhere"]) for topic in topics]
    helped = evaluation.learn(sample_of(texts[:72]), told[:72], groups[:72], helper=helper).model
    evidence = helped.evidence(sample_of(["توفير مياه الشرب المأمونة."], "ar"))
    assert not helped.speaks("ar")
    assert evidence[label_models.SEEN, 0, helped.labels.index("health")] > 0
    assert evidence[label_models.SEEN, 0, helped.labels.index("elsewhere")] < 0
    assert helped.alone[label_models.SEEN] > 0


def test_where_one_label_holds_exactly_one_is_said():
    model = learned(is_one=True).model
    assert len(said(model, "Something about nothing at all.")) == 1


def test_equal_texts_are_one_before_anything_is_held_back():
    first, labels = evaluation.merged(
        ["Ensure water.", "140.1 Ensure water (Brazil);", "Ensure schools."],
        [frozenset("a"), frozenset("ab"), frozenset("c")],
    )
    assert first == [0, 2]
    assert labels == [frozenset("ab"), frozenset("c")]


def test_a_label_of_two_texts_is_not_learned_and_nothing_from_an_empty_set():
    texts, labels = taught()
    texts += ["Abolish the death penalty.", "Ban executions."]
    labels += [frozenset(["life"])] * 2
    judged = evaluation.learn(sample_of(texts), labels, list(range(len(texts))))
    assert judged.model.labels == ["prison", "school", "water"]
    with pytest.raises(evaluation.TooFew):
        evaluation.learn(sample_of([]), [], [])


def test_what_was_held_back_tells_how_often_a_probability_is_right():
    judged = learned(3)
    assert judged.texts == 3 * 72
    assert 0.8 < judged.micro <= 1
    assert {score.label for score in judged.labels} == set(TOPICS)
    assert all(0 <= share <= 1 and number for _sure, number, share in judged.right_above)


def test_the_newest_are_asked_about_what_was_learned_from_the_past():
    texts, _labels = taught()
    assert learned(when=[f"{2000 + at % 20}" for at in range(len(texts))]).by_time is not None
    assert learned(when=["2020"] * len(texts)).by_time is None


def test_texts_of_three_words_of_twenty_thousand_and_of_none_are_answered():
    model = learned(7).model
    odd = ["", "water", "💧\x07 \u202e", "water " * 20_000, "水"]
    assert np.isfinite(model.probabilities(sample_of(odd))).all()


def test_the_file_of_a_model_gives_the_same_answers_and_holds_no_pickle():
    model = learned(7).model
    content = model_file.packed(model, encoder="x 1")
    again = model_file.unpacked(content, encoder="x 1", digest=model_file.digest_of(content))
    asked = sample_of(["Ensure safe water in prisons.", "Réduire la surpopulation carcérale."])
    assert np.array_equal(model.probabilities(asked), again.probabilities(asked))
    assert b"pickle" not in content


@pytest.mark.parametrize("change", ["encoder", "version", "content"])
def test_a_file_of_another_version_or_a_damaged_one_is_refused(change, monkeypatch):
    content = model_file.packed(learned().model, encoder="x 1")
    digest = model_file.digest_of(content)
    if change == "version":
        monkeypatch.setattr(model_file, "VERSION", model_file.VERSION + 1)
    with pytest.raises(model_file.OtherVersion):
        model_file.unpacked(
            content[:-1] if change == "content" else content,
            encoder="y 1" if change == "encoder" else "x 1",
            digest=digest,
        )


def test_a_text_begins_with_its_verbs_and_not_with_its_number():
    features = opening("140.10. Consider ratifying the Protocol")
    assert features[:2] == ["0:consider", "1:ratifying"]
    assert {"ratifying the", "consider ratifying the", "consider … protocol"} < {*features}
    assert opening("12.") == []
