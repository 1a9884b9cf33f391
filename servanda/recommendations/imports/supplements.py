"""Rows of further sheets without a text (actions, measures, values), which add to a recommendation that they name."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db.models.functions import Coalesce

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.database.sentences import joined
from servanda.recommendations.imports.known_records import Known, as_before, load_known
from servanda.recommendations.imports.matching import SHEET, Match, Verdict
from servanda.recommendations.models import FormerCode, Recommendation, SourceRecord, source_family
from servanda.sources.candidates import Problem
from servanda.sources.resolve import Resolved

BETWEEN = re.compile(r"\s*[;,،؛\n]\s*")
LONGEST_NAME = 140  # characters of an id that are used in the key of a row
MARK = 12  # characters of the digest that distinguish rows about the same recommendation
type Name = tuple[str, str]  # "id" or "paragraph", and how the file writes it


def names_of(row: Resolved) -> Iterator[Name]:
    """The names by which rows of further sheets may refer to this one: its id or reference, or else its paragraph."""
    for identity in dict.fromkeys((row.external.get(SHEET, ""), row.plain_id)):
        if identity:
            yield "id", identity
    if row.paragraph:
        yield "paragraph", row.paragraph


def several(name: str) -> list[str]:
    """The ids in a cell such as "12; 15"."""
    return list(dict.fromkeys(filter(None, BETWEEN.split(name))))


@dataclass(slots=True)
class NamedRow:
    """A row of the file with a text, to which later rows may refer."""

    place: str
    key: tuple[str, str]
    verdict: Verdict
    record: int | None
    is_ambiguous: bool = False


class Supplements:
    """Finds the recommendation of each row without a text: among the earlier rows of the file, then in the register.

    `before` is the import that is being written: the register is taken as it was before it.
    """

    def __init__(self, scheme: str, before: Batch | None = None):
        self.scheme, self.before = scheme, before
        self.is_of_a_sheet = source_family(scheme) == SHEET
        self.named: dict[Name, NamedRow] = {}
        self.seen: dict[tuple[str, str], str] = {}  # place of the first row with each key
        self.records: dict[str, int] = {}  # id or reference -> record, for the rows of one chunk
        self.known: dict[int, Known] = {}
        self.sources: dict[tuple[str, str], int] = {}

    def remember(self, match: Match) -> None:
        """Remember a row with a text, so that later rows can refer to it."""
        if not self.is_of_a_sheet:
            return
        record = match.known.pk if match.known else match.record
        new = NamedRow(match.row.where, match.repeats or match.row.key, match.verdict, record)
        for name in names_of(match.row):
            earlier = self.named.get(name)
            if earlier is None or earlier.verdict == Verdict.REFUSED:
                self.named[name] = new
            elif new.verdict != Verdict.REFUSED and new.key != earlier.key:
                earlier.is_ambiguous = True

    def look_up(self, rows: Sequence[Resolved]) -> None:
        """Load the records that the rows of a chunk refer to, with a fixed number of queries."""
        if not rows:
            return
        rows = [*rows, *(part for row in rows for part in rows_for_each(row))]
        for row in rows:
            row.digest = digest_of(row)
            row.key = self._key(row)
        wanted = {named_by(row)[1] for row in rows if named_by(row)[0] == "id"}
        self.records = self._by_code(wanted) | self._by_source(wanted)
        self.known = load_known(set(self.records.values()), before=self.before)
        keys = {row.key[1] for row in rows}
        own = as_before(SourceRecord.objects.filter(scheme=f"{self.scheme}:rows", external_id__in=keys), self.before)
        self.sources = {
            (scheme, identity): pk
            for scheme, identity, pk in own.values_list("scheme", "external_id", "recommendation_id")
        }

    def _key(self, row: Resolved) -> tuple[str, str]:
        return f"{self.scheme}:rows", f"{named_by(row)[1][:LONGEST_NAME]}#{row.digest[:MARK]}"

    def _by_source(self, wanted: set[str]) -> dict[str, int]:
        sources = SourceRecord.objects.filter(scheme=self.scheme, external_id__in=wanted)
        record = Coalesce("recommendation__merged_into_id", "recommendation_id")
        return dict(as_before(sources, self.before).order_by("pk").values_list("external_id", record))

    def _by_code(self, wanted: set[str]) -> dict[str, int]:
        former = FormerCode.objects.filter(code__in=wanted).values_list("code", "recommendation_id")
        records = Recommendation.objects.filter(code__in=wanted, merged_into=None)
        if self.before:
            records = records.exclude(added_by=self.before)
        return dict(former) | dict(records.values_list("code", "pk"))

    def match(self, row: Resolved) -> Match:
        kind, name = named_by(row)
        if not name:
            return refused(row, _("Enter the ID of the recommendation that this row belongs to."))
        if kind == "id" and not self._knows(name):
            parts = rows_for_each(row)
            if any(self._knows(named_by(part)[1]) for part in parts):
                return self._match_several(row, parts)
        return self._match_one(row, kind, name)

    def _knows(self, name: str) -> bool:
        return ("id", name) in self.named or name in self.records

    def _match_several(self, row: Resolved, parts: Sequence[Resolved]) -> Match:
        """A row that names several recommendations adds to all of them or to none."""
        for part in parts:
            part.digest = digest_of(part)
            part.key = self._key(part)
        matches = [self._match_one(part, *named_by(part)) for part in parts]
        if wrong := next((match for match in matches if match.verdict == Verdict.REFUSED), None):
            return refused(row, wrong.reason)
        verdicts = {match.verdict for match in matches}
        verdict = Verdict.UNCHANGED if verdicts == {Verdict.UNCHANGED} else Verdict.JOINED
        reasons = joined(dict.fromkeys(match.reason for match in matches))
        waits = any(match.waits for match in matches)
        for match in matches:
            match.waits = waits
        return Match(row, verdict, reason=reasons, waits=waits, parts=matches)

    def _match_one(self, row: Resolved, kind: str, name: str) -> Match:
        if earlier := self.named.get((kind, name)):
            return self._added_to_row(row, name, earlier)
        if kind == "id" and (pk := self.records.get(name)):
            match = Match(row, Verdict.JOINED, self.known[pk], record=pk)
            match.reason = _("Adds to %(code)s in the register.") % {"code": self.known[pk].code}
            return self._unless_known(match)
        return refused(row, _("There is no recommendation “%(name)s”.") % {"name": name})

    def _added_to_row(self, row: Resolved, name: str, earlier: NamedRow) -> Match:
        if earlier.is_ambiguous:
            sentence = _("“%(name)s” identifies several recommendations in the file. Use a different ID for each.")
            return refused(row, sentence % {"name": name})
        if earlier.verdict == Verdict.REFUSED:
            sentence = _("The recommendation “%(name)s” is refused: see %(where)s.")
            return refused(row, sentence % {"name": name, "where": earlier.place})
        match = Match(row, Verdict.JOINED, record=earlier.record, joins=earlier.key, repeats=earlier.key)
        match.waits = earlier.verdict == Verdict.PROPOSED
        match.reason = _("Adds to the recommendation in %(where)s.") % {"where": earlier.place}
        return self._unless_known(match)

    def _unless_known(self, match: Match) -> Match:
        """Mark the row as unchanged where an identical one was in the file or in an earlier import."""
        row = match.row
        if place := self.seen.get(row.key):
            match.verdict = Verdict.UNCHANGED
            match.reason = _("Identical to %(where)s of the file.") % {"where": place}
        elif match.record and self.sources.get(row.key) == match.record:
            match.verdict, match.reason = Verdict.UNCHANGED, ""
        self.seen.setdefault(row.key, row.where)
        return match


def rows_for_each(row: Resolved) -> list[Resolved]:
    """The row repeated for each of the ids in its cell, if there are several."""
    kind, name = named_by(row)
    names = several(name) if kind == "id" else []
    if len(names) < 2:
        return []
    return [replace(row, external={**row.external, SHEET: identity}, plain_id="", problems=[]) for identity in names]


def named_by(row: Resolved) -> Name:
    return next(names_of(row), ("id", ""))


def refused(row: Resolved, reason: str) -> Match:
    row.problems.append(Problem("external sheet", reason))
    return Match(row, Verdict.REFUSED, reason=reason)


def digest_of(row: Resolved) -> str:
    """A digest of what a row adds, independent of its position in the sheet."""
    content = json.dumps([named_by(row), sorted(row.cells.items())], ensure_ascii=False)
    return hashlib.md5(content.encode(), usedforsecurity=False).hexdigest()
