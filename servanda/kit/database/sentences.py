"""Sentences that are stored when a file is checked, and shown in the language of whoever reads them later.

`gettext` and `ngettext` of this module return a text that knows its message and values. A `SentenceField` stores
these, and translates them again when the row is read. A text without them, also one that was stored before, is shown
as it is.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.db import models
from django.utils import translation
from django.utils.functional import Promise

MARK = "\x1e"  # begins what is stored of a sentence; no text of a file has it
DEEPEST = 10  # sentences inside sentences
type Tree = str | int | float | None | dict[str, Any]


class Sentence(str):
    """A translated text with its message and values."""

    tree: Tree

    @classmethod
    def of(cls, text: str, tree: Tree) -> Self:
        made = cls(text)
        made.tree = tree
        return made

    def __str__(self) -> Self:  # str() would forget what it was made of
        return self

    def __mod__(self, values: Any) -> "Sentence":
        tree = self.tree
        if isinstance(tree, dict) and isinstance(values, Mapping):
            tree = tree | {"values": {key: tree_of(value) for key, value in values.items()}}
            return Sentence.of(super().__mod__(values), tree)
        return Sentence.of(text := super().__mod__(values), text)


def gettext(message: str) -> str:
    return Sentence.of(translation.gettext(message), {"message": message})


def ngettext(singular: str, plural: str, number: int) -> str:
    tree: Tree = {"message": singular, "plural": plural, "number": number}
    return Sentence.of(translation.ngettext(singular, plural, number), tree)


def sentence_of(text: object) -> Sentence:
    """Of a lazy translation too."""
    return text if isinstance(text, Sentence) else Sentence.of(str(text), tree_of(text))


def joined(parts: Iterable[object], separator: str = " ") -> str:
    """Sentences one after the other, without empty ones."""
    kept = [part for part in parts if str(part)]
    return Sentence.of(separator.join(map(str, kept)), {"by": separator, "parts": [tree_of(part) for part in kept]})


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most]


def renamed(text: str, old: str, new: str) -> str:
    """The same text with another name in it, which may be among the values of a sentence."""
    return Sentence.of(text.replace(old, new), renamed_in(tree_of(text), old, new))


def renamed_in(tree: Any, old: str, new: str) -> Tree:
    if isinstance(tree, str):
        return tree.replace(old, new)
    if not isinstance(tree, dict):
        return tree
    tree = dict(tree)
    if "values" in tree:
        tree["values"] = {key: renamed_in(value, old, new) for key, value in tree["values"].items()}
    if "parts" in tree:
        tree["parts"] = [renamed_in(part, old, new) for part in tree["parts"]]
    return tree


def tree_of(value: object) -> Tree:
    if isinstance(value, Sentence):
        return value.tree
    if isinstance(value, Promise):
        return tree_of_lazy(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value)  # of a refusal, which has a sentence
    return text.tree if isinstance(text, Sentence) else text


def tree_of_lazy(value: Promise) -> Tree:
    """A lazy translation of one message knows it; another lazy text is stored as it is read now."""
    arguments: tuple[Any, ...] = getattr(value, "_args", ())
    is_message = len(arguments) == 1 and isinstance(arguments[0], str)
    message = arguments[0] if is_message else ""
    return {"message": message} if message and translation.gettext(message) == str(value) else str(value)


def text_of(tree: Any, depth: int = 0) -> str:
    """The text in the present language. Raises `ValueError` and others where it is no sentence."""
    if depth > DEEPEST:
        raise ValueError("too many sentences inside sentences")
    if not isinstance(tree, dict):
        return str(tree)
    if "parts" in tree:
        return str(tree["by"]).join(text_of(part, depth + 1) for part in tree["parts"])
    if "plural" in tree:
        text = translation.ngettext(tree["message"], tree["plural"], tree["number"])
    else:
        text = translation.gettext(tree["message"])
    values = tree.get("values")
    return text % {key: value_of(part, depth) for key, part in values.items()} if values else text


def value_of(part: Any, depth: int) -> Any:
    return text_of(part, depth + 1) if isinstance(part, dict) else part


def stored(text: object) -> str:
    tree = text.tree if isinstance(text, Sentence) and text else None
    return MARK + json.dumps(tree, ensure_ascii=False) if isinstance(tree, dict) else str.__str__(str(text))


def shown(text: str) -> str:
    """In the language of the reader, whoever stored it."""
    if not text.startswith(MARK):
        return text
    try:
        tree = json.loads(text.removeprefix(MARK))
        return Sentence.of(text_of(tree), tree)
    except (ValueError, TypeError, KeyError, AttributeError):
        return text.removeprefix(MARK)


class SentenceMixin(models.Field):
    """In migrations it is the field of Django, since the database has no more than its text."""

    def from_db_value(self, value: str | None, *_names: object) -> str | None:
        return value if value is None else shown(value)

    def get_prep_value(self, value: Any) -> Any:
        if not isinstance(value, str | Promise):
            return super().get_prep_value(value)
        content = stored(value)
        fits = self.max_length is None or len(content) <= self.max_length
        return content if fits else str.__str__(str(value))


class SentenceField(SentenceMixin, models.TextField):
    def deconstruct(self) -> Any:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.TextField", arguments, options


class ShortSentenceField(SentenceMixin, models.CharField):
    """What does not fit is stored as the text in the language of the check."""

    def deconstruct(self) -> Any:
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.CharField", arguments, options
