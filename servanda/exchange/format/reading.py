"""Reads files of the exchange format: one object, a list, a JSON-LD graph, or a page of a feed."""

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _

from servanda.kit.files.nesting import MOST_LEVELS, NestedTooDeeply, load_shallow
from servanda.kit.refusal import Unreadable
from servanda.sources.printed.texts import without_unseen

MOST_BYTES = 20_000_000
MOST_OBJECTS = 100_000
PAGE = "OrderedCollectionPage"


def objects_in(content: bytes) -> list[Any]:
    """The objects of a file in its order, each as it is. Raises `Unreadable`."""
    if len(content) > MOST_BYTES:
        message = _("The file is larger than %(most)d MB. Split it into several files.")
        raise Unreadable(message % {"most": MOST_BYTES // 1_000_000})
    objects = list(members(parsed(content)))
    if not objects:
        raise Unreadable(_("The file has no objects."))
    if len(objects) > MOST_OBJECTS:
        message = _("The file has more than %(most)s objects. Split it into several files.")
        raise Unreadable(message % {"most": localize(MOST_OBJECTS)})
    return objects


def parsed(content: bytes) -> Any:
    """Untrusted JSON in UTF-8. Raises `Unreadable`."""
    try:
        text = content.decode("utf-8-sig")
        hooks: dict[str, Any] = {"parse_constant": refuse_number, "parse_float": finite}
        value = load_shallow(text, object_pairs_hook=once_each, **hooks)
        if "\\u" in text:  # only an escape can be half a surrogate pair
            json.dumps(value, ensure_ascii=False).encode()
    except NestedTooDeeply as error:
        message = _("The file is nested too deeply: at most %(levels)d levels can be read.")
        raise Unreadable(message % {"levels": MOST_LEVELS}) from error
    except RepeatedKey as error:
        raise Unreadable(
            _("The file has the key “%(key)s” twice in one object.") % {"key": str(error)[:40]}
        ) from error
    except json.JSONDecodeError as error:
        message = _("The file is not valid JSON: there is an error in line %(line)d, character %(column)d.")
        raise Unreadable(message % {"line": error.lineno, "column": error.colno}) from error
    except UnicodeDecodeError as error:
        raise Unreadable(_("The file is not in UTF-8. Save it as UTF-8.")) from error
    except ValueError as error:  # NaN and Infinity, half a surrogate pair, numbers of thousands of digits
        raise Unreadable(_("The file has a number or a character that JSON does not allow.")) from error
    return value


class RepeatedKey(ValueError):
    """Programs differ in which of two values of one key they read; so would those who compare what was signed."""


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        raise RepeatedKey(without_unseen(next(key for key in keys if keys.count(key) > 1)))
    return found


def refuse_number(name: str) -> None:
    raise ValueError(name)


def finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        refuse_number(digits)
    return number


def members(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict) and isinstance(value.get("@graph"), list):
        yield from value["@graph"]
    elif isinstance(value, dict) and value.get("type") == PAGE and isinstance(value.get("orderedItems"), list):
        yield from (activity.get("object") for activity in value["orderedItems"] if is_carrying(activity))
    else:
        yield value


def is_carrying(activity: Any) -> bool:
    return isinstance(activity, dict) and activity.get("type") in {"Create", "Update"}
