"""Names of labels as evidence: whether a text contains the words of a name, or is similar to it in meaning."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from servanda.language.learning.cold_start import by_names
from servanda.language.vectors.encoder import Vectors
from servanda.language.words.tokens import tokens

ANY = ""  # the language of names that are used for texts of every language
LONGEST = 80  # characters: a longer name is a sentence, whose words occur in many texts
LEAST = 0.2  # similarity below which no label is suggested, however far it stands out
NAMED_IN = 0.5  # share of the labels that must have a name in a language for its words to be used

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LabelNames:
    """Names of labels with their languages; `whose` holds the index of each name's label, `vectors` a row for
    each."""

    labels: list[str]
    names: list[str]
    languages: list[str]
    whose: list[int]
    vectors: Vectors

    def only(self, labels: Sequence[str]) -> "LabelNames":
        """Limited to these labels, in their order; labels without names are kept."""
        place = {label: at for at, label in enumerate(labels)}
        rows = [row for row, at in enumerate(self.whose) if self.labels[at] in place]
        return LabelNames(
            list(labels),
            [self.names[row] for row in rows],
            [self.languages[row] for row in rows],
            [place[self.labels[self.whose[row]]] for row in rows],
            self.vectors[rows],
        )

    def under(self, above: Mapping[str, str]) -> "LabelNames":
        """With the names of each label assigned to the one above it, as those of targets to their goal."""
        upper = [above[label] for label in self.labels]
        labels = sorted(set(upper))
        whose = [labels.index(upper[at]) for at in self.whose]
        return LabelNames(labels, self.names, self.languages, whose, self.vectors)

    def named_in(self, language: str) -> bool:
        labels_with_name = {
            at for at, name_language in zip(self.whose, self.languages, strict=True) if name_language == language
        }
        return len(labels_with_name) >= NAMED_IN * max(1, len(self.labels))

    def near(self, vectors: Vectors) -> Numbers:
        """By how many standard deviations each label is nearer to a text than the average label."""
        if not self.names or self.vectors.shape[1] != vectors.shape[1]:
            return np.zeros((len(vectors), len(self.labels)), dtype=np.float32)
        likeness = by_names(vectors, self.vectors, self.whose, len(self.labels))
        has_names = np.isin(np.arange(len(self.labels)), self.whose)
        usual = likeness[:, has_names].mean(axis=1, keepdims=True)
        spread = np.maximum(likeness[:, has_names].std(axis=1, keepdims=True), 1e-6)
        out = np.where(has_names, (likeness - usual) / spread, 0)
        return np.where(likeness >= LEAST, out, np.minimum(out, 0)).astype(np.float32)

    def shared(self, texts: Sequence[str], languages: Sequence[str]) -> Numbers:
        """The share of a name's words that a text contains, weighted by rarity, for the best name of each label."""
        shares_found = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        language_of = np.array(languages)
        for language in sorted(set(languages)):
            if self.named_in(language):
                rows = np.flatnonzero(language_of == language).tolist()
                shares_found[rows] = self._shared_in(language, [texts[row] for row in rows])
        return shares_found

    def _shared_in(self, language: str, texts: Sequence[str]) -> Numbers:
        # Asked for this late (`grams.vectorizer` says why).
        from scipy import sparse

        names = self._short_names(language)
        vocabulary = {word for words, _whose in names for word in words}
        places = {word: at for at, word in enumerate(sorted(vocabulary))}
        by_label: dict[int, set[str]] = {}
        for words, whose in names:
            by_label.setdefault(whose, set()).update(words)
        spread = Counter(word for words in by_label.values() for word in words)
        rarity = {word: float(np.log((len(self.labels) + 1) / spread[word])) for word in places}
        weights = sparse.lil_matrix((len(places), len(names)), dtype=np.float32)
        for at, (words, _whose) in enumerate(names):
            total = sum(rarity[word] for word in words)
            for word in words:
                weights[places[word], at] = rarity[word] / total
        rows = [{places[word] for word in tokens(text, language) if word in places} for text in texts]
        ends = np.cumsum([0] + [len(row) for row in rows])
        at_words = [place for row in rows for place in row]
        has = sparse.csr_matrix((np.ones(len(at_words), np.float32), at_words, ends), (len(texts), len(places)))
        shares = (has @ weights.tocsr()).toarray()
        best_shares = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        for at, (_words, whose) in enumerate(names):
            best_shares[:, whose] = np.maximum(best_shares[:, whose], shares[:, at])
        return best_shares

    def _short_names(self, language: str) -> list[tuple[frozenset[str], int]]:
        """The words of each name in this language, with its label; long names only where there is no shorter one."""
        names_by_label: dict[int, list[str]] = {}
        for name, of_name, whose in zip(self.names, self.languages, self.whose, strict=True):
            if of_name in (language, ANY):
                names_by_label.setdefault(whose, []).append(name)
        return [
            (words, whose)
            for whose, all_names in names_by_label.items()
            for name in [name for name in all_names if len(name) <= LONGEST] or all_names
            if (words := frozenset(tokens(name, language)))
        ]
