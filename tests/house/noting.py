"""Requests that note which of the values that could be sent anyone asked for, and who."""

import sys
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from types import FrameType

from django.core.handlers.wsgi import WSGIRequest
from django.forms import BaseForm
from django.http import QueryDict

import servanda
from servanda.kit.pages.listing import page_number

OURS = str(Path(servanda.__file__).parent)
KEYS = {
    "get": (
        "q sort by size page body review year theme stand language batch published action before verdict form name"
        " bom limit offset next format measure"
    ),
    "post": (
        "name query all code codes row decision deed step count text texts reason version language form source stand"
        " words symbol paragraph comment date relation kind country body cycle year confidentiality restricted_to"
        " recommending also_concerns term institutions decide_by sender separator encoding column_0 constant_country"
        " sheet value_0_0"
        " publish uhri-theme national-plan table look label_0 name_0 parent synonyms aliases system symbol_pattern"
        " try_symbol is_facet order time_zone languages state_code contact"
    ),
}


class NotingQueryDict(QueryDict):
    """Which of the values that can be sent anyone asked for; all, where someone copies them."""

    asked_for, readers, is_paged, sent = frozenset(), frozenset(), False, frozenset()

    def note(self, key: str) -> None:
        """One function makes the number of a page that a list has of whatever it is sent."""
        if key == "page" and sys._getframe(3).f_code is page_number.__code__:
            self.is_paged = True
        elif key in self.sent:
            self.asked_for |= {key}
            self.readers |= {(key, reader(sys._getframe(2)))}

    def __getitem__(self, key):
        self.note(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self.note(key)
        return super().__contains__(key)

    def _getlist(self, key, *rest, **more):
        self.note(key)
        return super()._getlist(key, *rest, **more)

    def __iter__(self):
        self.asked_for = self.sent
        return super().__iter__()

    def keys(self):
        self.asked_for = self.sent
        return super().keys()

    def lists(self):
        self.asked_for = self.sent
        return super().lists()


def reader(frame: FrameType) -> object:
    """Who asks for a value: the class of a form, or a function of ours."""
    while not isinstance(form := frame.f_locals.get("self"), BaseForm):
        if frame.f_code.co_filename.startswith(OURS):
            return frame.f_code
        frame = frame.f_back
    return type(form)


class NotingRequest(WSGIRequest):
    """Who looks at what was sent. The address as a whole is only said again."""

    is_body_read = False

    def looked_into(self, values: QueryDict, method: str) -> QueryDict:
        if self.method == method and type(values) is QueryDict:
            values.__class__, values.sent = NotingQueryDict, keys_of(method.lower())
            self.values = values
        return values

    @property
    def GET(self):
        return self.looked_into(self.__dict__.setdefault("GET", QueryDict(self.META["QUERY_STRING"])), "GET")

    @property
    def POST(self):
        was_read = self.is_body_read
        values = self._get_post()
        self.is_body_read = was_read  # a form that is taken apart is not looked at yet
        return self.looked_into(values, "POST")

    @property
    def body(self):
        self.is_body_read = self.method == "POST"
        return super().body

    @property
    def asked_for(self) -> frozenset[str]:
        everything = keys_of("post") if self.is_body_read else frozenset()
        return everything | getattr(self.__dict__.get("values"), "asked_for", frozenset())

    @property
    def readers(self) -> Hashable:
        """Alike for two pages if the same forms and functions read the same; another one where someone copies all."""
        asked_by = getattr(self.__dict__.get("values"), "readers", frozenset())
        return asked_by if {key for key, _reader in asked_by} == self.asked_for else object()

    @property
    def is_paged(self) -> bool:
        return getattr(self.__dict__.get("values"), "is_paged", False)


def note_readers(get_response):
    """The last before the view: what all requests pass is the same for all."""

    def middleware(request):
        return get_response(request)

    def note(request, *_view):
        request.__class__ = NotingRequest

    middleware.process_view = note
    return middleware


@cache
def keys_of(method: str) -> frozenset[str]:
    return frozenset(KEYS[method].split())
