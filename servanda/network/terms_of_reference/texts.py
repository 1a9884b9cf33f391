"""The texts of the model, as read from `data/terms_of_reference.yaml`, and what a person chooses of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Self

import yaml
from django.http import QueryDict
from django.utils.translation import get_language
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.listing import choice_in
from servanda.network.profiles.fields import DATA

FILE = DATA / "terms_of_reference.yaml"
LANGUAGES = ("en", "es", "fr", "pt", "ar")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: LazyI18nString
    choices: str = ""  # the field whose options follow
    lines: tuple[str, ...] = ()  # the fields whose lines follow

    @property
    def fields(self) -> Iterator[str]:
        yield from PLACEHOLDER.findall(self.text.localize("en"))
        yield from filter(None, (self.choices, *self.lines))


@dataclass(frozen=True, slots=True)
class Chapter:
    title: LazyI18nString
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A decree or terms of reference: what is around the chapters, and how they are numbered."""

    label: LazyI18nString
    title: Paragraph
    heading: LazyI18nString
    numbering: str
    opening: tuple[Paragraph, ...]
    closing: Chapter


@dataclass(frozen=True, slots=True)
class Texts:
    words: Mapping[str, LazyI18nString]
    blanks: Mapping[str, LazyI18nString]
    forms: Mapping[str, Form]
    chapters: Mapping[str, Chapter]


@cache
def texts() -> Texts:
    written = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Texts(
        words={code: LazyI18nString(text) for code, text in written["words"].items()},
        blanks={code: LazyI18nString(text) for code, text in written["blanks"].items()},
        forms={code: form_of(form) for code, form in written["forms"].items()},
        chapters={chapter["code"]: chapter_of(chapter) for chapter in written["chapters"]},
    )


def form_of(written: dict) -> Form:
    return Form(
        label=LazyI18nString(written["label"]),
        title=paragraph_of(written["title"]),
        heading=LazyI18nString(written["heading"]),
        numbering=written["paragraph"],
        opening=tuple(map(paragraph_of, written["opening"])),
        closing=chapter_of(written["closing"]),
    )


def chapter_of(written: dict) -> Chapter:
    return Chapter(LazyI18nString(written["title"]), tuple(map(paragraph_of, written["paragraphs"])))


def paragraph_of(written: dict) -> Paragraph:
    text = {code: written[code] for code in LANGUAGES}
    return Paragraph(LazyI18nString(text), written.get("choices", ""), tuple(written.get("lines", "").split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    form: str
    chapters: tuple[str, ...]  # in the order of the model
    language: str

    @classmethod
    def read(cls, params: QueryDict) -> Self:
        """Without any chapter in the address, all are chosen."""
        named = params.getlist("chapter")
        known = texts().chapters
        reader = (get_language() or "").partition("-")[0]
        return cls(
            form=choice_in(params, "form", texts().forms, "terms"),
            chapters=tuple(code for code in known if code in named) or tuple(known),
            language=choice_in(params, "language", LANGUAGES, reader if reader in LANGUAGES else "en"),
        )

    def query(self) -> list[tuple[str, str]]:
        """As in the address."""
        chapters = [("chapter", code) for code in self.chapters]
        return [("form", self.form), ("language", self.language), *chapters]
