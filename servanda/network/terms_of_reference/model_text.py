"""The model as a person reads it: our texts with the facts of a profile, and a visible gap for each unknown one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, override

from servanda.kit.files.paper import Paper, Part, Table, TextLine
from servanda.kit.pages.translations import listed
from servanda.network.models import MechanismProfile
from servanda.network.profiles.fields import fields_by_code
from servanda.network.profiles.queries import ShownFact, shown_groups
from servanda.network.terms_of_reference.texts import (
    PLACEHOLDER,
    Chapter,
    Form,
    ModelOptions,
    Paragraph,
    Texts,
    texts,
)
from servanda.people.models import Instance


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence: our own text, a value of the profile, or a gap."""

    text: str
    is_value: bool = False
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class FilledParagraph:
    pieces: tuple[Piece, ...]
    items: tuple[Piece, ...] = ()  # below it, a line each
    number: str = ""

    @property
    def text(self) -> str:
        return self.number + "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class FilledChapter:
    title: str
    paragraphs: tuple[FilledParagraph, ...]


@dataclass(frozen=True, slots=True)
class UsedFact:
    label: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class ModelText:
    """All of it in one language, as plain text."""

    language: str
    words: Mapping[str, str]
    form: str
    title: FilledParagraph
    opening: tuple[FilledParagraph, ...]
    chapters: tuple[FilledChapter, ...]
    facts: tuple[UsedFact, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """What is known of a profile, in the language of the model."""

    texts: Texts
    name: Mapping[str, str]
    facts: Mapping[str, ShownFact]

    def paragraph(self, paragraph: Paragraph, number: str = "") -> FilledParagraph:
        items = (*self.choices(paragraph.choices), *self.lines(paragraph.lines))
        return FilledParagraph(tuple(self.pieces(str(paragraph.text))), items, number)

    def pieces(self, text: str) -> Iterator[Piece]:
        for place, part in enumerate(PLACEHOLDER.split(text)):
            if place % 2:
                yield self.value(part)
            elif part:
                yield Piece(part)

    def value(self, code: str) -> Piece:
        known = self.name.get(code) or listed(self.facts[code].lines if code in self.facts else [])
        return Piece(known, is_value=True) if known else self.gap(code)

    def gap(self, code: str) -> Piece:
        label = str(self.texts.blanks[code] if code in self.texts.blanks else fields_by_code()[code].label)
        return Piece(str(self.texts.words["gap"]).format(label=label), is_gap=True)

    def choices(self, code: str) -> Iterator[Piece]:
        """All options of the field; those that the profile does not contain are left to decide."""
        if not code:
            return
        chosen = set(map(str, self.facts[code].lines))
        for option in map(str, fields_by_code()[code].options.values()):
            undecided = str(self.texts.words["undecided"]).format(label=option)
            yield Piece(option) if option in chosen else Piece(undecided, is_gap=True)

    def lines(self, codes: tuple[str, ...]) -> Iterator[Piece]:
        found = [str(line) for code in codes if code in self.facts for line in self.facts[code].lines]
        yield from (Piece(line, is_value=True) for line in found)
        if codes and not found:
            yield self.gap(codes[0])


def model_text(profile: MechanismProfile, computed: Mapping[str, str], options: ModelOptions) -> ModelText:
    """`profile` with its current facts; `computed` are the values of this system's own mechanism."""
    known = texts()
    form, chosen = known.forms[options.form], [known.chapters[code] for code in options.chapters]
    with override(options.language):
        facts = {fact.field.code: fact for group in shown_groups(profile, computed) for fact in group.facts}
        filling = Filling(known, {"name": profile.name, "country": str(profile.country)}, facts)
        return ModelText(
            language=options.language,
            words={code: str(text) for code, text in known.words.items() if "{" not in str(text)},
            form=str(form.label),
            title=filling.paragraph(form.title),
            opening=tuple(map(filling.paragraph, form.opening)),
            chapters=tuple(numbered([*chosen, form.closing], form, filling)),
            facts=tuple(used_facts([*chosen, form.closing], form, filling)),
        )


def numbered(chapters: Iterable[Chapter], form: Form, filling: Filling) -> Iterator[FilledChapter]:
    for place, chapter in enumerate(chapters, 1):
        title = str(form.heading).format(place=place, title=chapter.title)
        paragraphs = (
            filling.paragraph(paragraph, form.numbering.format(place=place, paragraph=number))
            for number, paragraph in enumerate(chapter.paragraphs, 1)
        )
        yield FilledChapter(title, tuple(paragraphs))


def used_facts(chapters: Iterable[Chapter], form: Form, filling: Filling) -> Iterator[UsedFact]:
    """The known facts of the profile that this text contains, in the order of the profile."""
    used = [*form.opening, *(paragraph for chapter in chapters for paragraph in chapter.paragraphs)]
    codes = {code for paragraph in used for code in paragraph.fields}
    for code, shown in filling.facts.items():
        if code in codes and shown.is_known:
            value = "\n".join(map(str, shown.lines))
            yield UsedFact(str(shown.field.label), value, source_of(shown, filling))


def source_of(shown: ShownFact, filling: Filling) -> str:
    if shown.is_computed or not shown.fact:
        return str(filling.texts.words["computed"])
    since = date_format(shown.fact.since, "DATE_FORMAT") if shown.fact.since else ""
    if since and get_language_bidi():  # else the number of the day is read as part of a source in Latin letters
        since = f"\u200f{since}"
    return listed(filter(None, (shown.fact.source, since))) or "–"


def paper_of(model: ModelText, *, address: str, on: date) -> Paper:
    """The model as a document; call it in the language of the model."""
    words = model.words
    opening = Part(model.form, [TextLine(paragraph.text) for paragraph in model.opening])
    chapters = [Part(chapter.title, list(lines_of(chapter))) for chapter in model.chapters]
    facts = Part(words["facts"], table=table_of(model), notes=[words["guidance"]])
    return Paper(
        title=model.form,
        issuer=str(Instance.current()),
        day=date_format(on, "DATE_FORMAT"),
        heading=TextLine(model.title.text),
        status=words["status"],
        notices=[words["status"], words["notice"]],
        parts=[opening, *chapters, facts],
        source=[TextLine(address, is_code=True)],
    )


def lines_of(chapter: FilledChapter) -> Iterator[TextLine]:
    for paragraph in chapter.paragraphs:
        yield TextLine(paragraph.text)
        for item in paragraph.items:
            yield TextLine(f"– {item.text}", is_typed=item.is_value)


def table_of(model: ModelText) -> Table:
    header = [model.words[code] for code in ("field", "value", "source")]
    rows = [
        [TextLine(fact.label), TextLine(fact.value, is_typed=True), TextLine(fact.source, is_typed=True)]
        for fact in model.facts
    ]
    return Table(header, rows)
