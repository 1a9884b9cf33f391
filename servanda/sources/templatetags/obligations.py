"""Deadlines on calendars, of which a page shows hundreds: written in Python, as templates are slow at that."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from servanda.kit.templatetags.pages import colon
from servanda.kit.timelines import Mark
from servanda.sources.obligations.calendar import Entry

register = template.Library()


@register.filter
def calendar_items(entries: Iterable[Entry], address: str = "") -> SafeString:
    """Each deadline as <li>; with the address of the list of obligations, it leads to its page."""
    return format_html_join("", "<li>{} {}</li>", ((link_of(entry, address), note_of(entry)) for entry in entries))


@register.filter
def dated_items(entries: Iterable[Entry], address: str = "") -> SafeString:
    """The same with the day before each."""
    rows = ((entry.day.isoformat(), entry.date, link_of(entry, address), note_of(entry)) for entry in entries)
    return format_html_join("", '<li><time datetime="{}">{}</time> <div>{} {}</div></li>', rows)


def link_of(entry: Entry, address: str) -> SafeString:
    if entry.url:
        return format_html('<a class="calendar-entry {}" href="{}">{}</a>', entry.style, entry.url, what_of(entry))
    what = what_of(entry)
    if address:
        linked = '<a class="calendar-entry {}" href="{}{}/">{}</a>'
        return format_html(linked, entry.style, address, entry.code, what)
    return format_html('<span class="calendar-entry {}">{}</span>', entry.style, what)


def what_of(entry: Entry) -> SafeString:
    if not entry.body:
        return format_html("<bdi>{}</bdi>", entry.title)
    return format_html("<bdi>{}</bdi>{} <bdi>{}</bdi>", entry.body, colon(), entry.title)


def note_of(entry: Entry) -> SafeString:
    """Whether it is overdue, estimated or over, and where its day comes from."""
    source = format_html('<span class="small soft calendar-source">{}</span>', entry.source)
    if not entry.note:
        return source
    if entry.is_late:
        return format_html('<strong class="small calendar-word">{}</strong> {}', entry.note, source)
    return format_html('<span class="small soft">{}</span> {}', entry.note, source)


@register.filter
def timeline_marks(marks: Iterable[Mark]) -> SafeString:
    circle = '<circle cx="{}" cy="14" r="5" class="timeline-mark{}"><title>{}</title></circle>'
    rows = ((mark.x, " timeline-reached" if mark.is_reached else "", mark.label) for mark in marks)
    return format_html_join("", circle, rows)
