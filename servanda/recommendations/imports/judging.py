"""Judges what each row of a file does to the register, in the same way for the preview and for applying.

Rows are compared with the register as it was before their own import, and with the earlier rows of their file, so
that the verdict of a row does not depend on how much of the file is already written.
"""

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined
from servanda.recommendations.imports.diffing import differences
from servanda.recommendations.imports.matching import (
    Match,
    RegisterIndex,
    Verdict,
    has_own_id,
    source_key,
)
from servanda.recommendations.imports.sheet_lists import SheetLists
from servanda.recommendations.imports.supplements import Supplements
from servanda.sources.candidates import Kind, Problem
from servanda.sources.resolve import Resolved

WORD = re.compile(r"\w+")


class Judge:
    """Judges the rows of one file in their order; all chunks of a file go through the same judge."""

    def __init__(self, scheme: str, batch: Batch | None = None, lists: SheetLists | None = None):
        self.scheme, self.batch, self.lists = scheme, batch, lists
        self.earlier = EarlierRows(scheme)
        self.supplements = Supplements(scheme, batch)
        self.targets: set[int] = set()  # records of the register that earlier rows are about

    def judge(self, rows: Sequence[Resolved]) -> list[Match]:
        """A verdict for each row, with a fixed number of queries for the whole chunk."""
        main_rows = [row for row in rows if not row.supplement]
        earlier = iter([self.earlier.add(row) for row in main_rows])
        index = RegisterIndex(main_rows, self.scheme, before=self.batch)
        self.supplements.look_up([row for row in rows if row.supplement and not row.list_of])
        return [
            self._judge_supplement(row) if row.supplement else self._judge_main_row(row, next(earlier), index)
            for row in rows
        ]

    def _judge_supplement(self, row: Resolved) -> Match:
        if row.list_of and self.lists:
            return refused(row) or self.lists.match(row)
        return refused(row) or self.supplements.match(row)

    def _judge_main_row(self, row: Resolved, repeats: "Earlier | None", index: RegisterIndex) -> Match:
        match = refused(row) or self._judge(row, repeats, index)
        self.supplements.remember(match)
        return match

    def _judge(self, row: Resolved, repeats: "Earlier | None", index: RegisterIndex) -> Match:
        if repeats is not None:
            return repeated(row, repeats)
        match = self._about_another_row(index.match(row))
        if match.known:
            self.targets.add(match.known.pk)
        if match.verdict == Verdict.CHANGED and match.known:
            match.differences = differences(match.known, row, self.scheme)
            if not match.differences:
                match.verdict = Verdict.UNCHANGED
        if match.verdict == Verdict.PROPOSED and match.known:  # what the row would change if a person confirms it
            match.differences = differences(match.known, row, self.scheme)
        return match

    def _about_another_row(self, match: Match) -> Match:
        """Two rows that a sender distinguishes must not be merged because they match the same record."""
        if match.known is None or match.is_by_source or match.known.pk not in self.targets:
            return match
        if match.verdict == Verdict.CHANGED and match.row.kind != Kind.ANSWER:
            reason = _("An earlier row of the file refers to the same record of the register.")
            return Match(match.row, Verdict.PROPOSED, match.known, reason)
        return match


def refused(row: Resolved) -> Match | None:
    fatal = [problem.message for problem in row.problems if problem.fatal]
    return Match(row, Verdict.REFUSED, reason=joined(fatal)) if fatal else None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier row of the file about the same recommendation."""

    place: str
    key: tuple[str, str]
    is_same: bool  # in every cell that is read
    is_contradicted: bool  # the same id, another text in the same language


def repeated(row: Resolved, earlier: Earlier) -> Match:
    if earlier.is_contradicted:
        message = _("The ID occurs twice in the file with different texts. Use a different ID for each row.")
        row.problems.append(Problem("external sheet", message))
        reason = _(
            "The same ID occurs in %(where)s of the file with a different text. Use a different ID for each row."
        )
        return Match(row, Verdict.REFUSED, reason=reason % {"where": earlier.place})
    if earlier.is_same:
        reason = _("Identical to %(where)s of the file.") % {"where": earlier.place}
        return Match(row, Verdict.UNCHANGED, reason=reason, repeats=earlier.key)
    reason = _("Same recommendation as %(where)s. Additional information in this row is added to it.")
    return Match(
        row, Verdict.JOINED, reason=reason % {"where": earlier.place}, joins=earlier.key, repeats=earlier.key
    )


class EarlierRows:
    """The rows of a file so far, with their keys and the hashes of their texts, in some 300 bytes each."""

    def __init__(self, scheme: str):
        self.scheme = scheme
        self.by_mark: dict[int, int] = {}
        self.uses: dict[int, int] = {}  # how often a key occurred, if more than once
        self.digests = array("q")
        self.words = array("q")  # alternately hashes of language and text, of all rows
        self.ends = array("L")  # where the words of each row end
        self.wheres: list[str] = []
        self.keys: list[tuple[str, str]] = []

    def add(self, row: Resolved) -> Earlier | None:
        """Set the row's source key, and return the earlier row about the same recommendation, if there is one."""
        key = row.key = source_key(row, self.scheme)
        if any(problem.fatal for problem in row.problems):
            return None
        text_hashes = tuple(hash((language, bare_words(text))) for language, text in row.texts.items())
        marks = marks_of(row, key, text_hashes)
        place = next((self.by_mark[mark] for mark in marks if mark in self.by_mark), None)
        if hash(key) in self.by_mark:
            row.key = self._next(key)
        repeats = None if place is None else self._earlier(place, row, text_hashes)
        for mark in marks:
            self.by_mark.setdefault(mark, len(self.digests))
        self.digests.append(hash(row.digest))
        self.words.extend(words_by_language(row, text_hashes))
        self.ends.append(len(self.words))
        self.wheres.append(row.where)
        self.keys.append(row.key)
        return repeats

    def _earlier(self, place: int, row: Resolved, text_hashes: tuple[int, ...]) -> Earlier | None:
        place_in_file, key = self.wheres[place], self.keys[place]
        is_same = self.digests[place] == hash(row.digest)
        differs = not is_same and contradicts(self._words_of(place), words_by_language(row, text_hashes))
        if row.kind == Kind.ANSWER and not is_same:
            return None  # each answer is compared with the record that it answers
        if differs and not has_own_id(row):
            return None  # two items of one paragraph, which no id tells apart
        return Earlier(place_in_file, key, is_same, is_contradicted=differs)

    def _words_of(self, place: int) -> Sequence[int]:
        return self.words[self.ends[place - 1] if place else 0 : self.ends[place]]

    def _next(self, key: tuple[str, str]) -> tuple[str, str]:
        """A repeated key with a counter, so that a second row about one paragraph has a source of its own."""
        number = self.uses.get(hash(key), 1) + 1
        self.uses[hash(key)] = number
        return key[0], f"{key[1]}~{number}"


def bare_words(text: str) -> str:
    """The text without case and punctuation, which is enough to compare two rows of one sender. The comparison for
    texts of two senders would take a tenth of the time of an import."""
    return " ".join(WORD.findall(text.casefold()))


def marks_of(row: Resolved, key: tuple[str, str], text_hashes: tuple[int, ...]) -> list[int]:
    """Hashes by which an earlier row about the same thing is found: text and paragraph first, then the key."""
    if row.symbol and row.paragraph and row.kind != Kind.ANSWER:
        return [*(hash((row.symbol, row.paragraph, row.kind, word)) for word in text_hashes), hash(key)]
    return [hash(key)]


def words_by_language(row: Resolved, text_hashes: Sequence[int]) -> tuple[int, ...]:
    """Alternately hashes of language and text, so that texts in the same language can be compared."""
    return tuple(
        value for language, word in zip(row.texts, text_hashes, strict=True) for value in (hash(language), word)
    )


def contradicts(earlier: Sequence[int], later: Sequence[int]) -> bool:
    """Whether both have a text in the same language, and these differ."""
    texts = dict(zip(earlier[::2], earlier[1::2], strict=True))
    return any(texts.get(language, word) != word for language, word in zip(later[::2], later[1::2], strict=True))
