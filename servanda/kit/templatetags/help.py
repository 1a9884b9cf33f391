"""Help of the page that is shown, and words of the field explained where they stand."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from servanda.kit.pages import glossary
from servanda.kit.pages.help import Help, help_for

register = template.Library()


@register.simple_tag(takes_context=True)
def page_help(context: dict) -> Help | None:
    """By the name of the address that was asked for; an address without one has no help."""
    match = getattr(context.get("request"), "resolver_match", None)
    return help_for(match.view_name, spoken()) if match else None


@register.filter
def explain(text: object) -> SafeString:
    """Words of the glossary explained on their first use; a text that brings markup of its own stays as it is."""
    escaped = format_html("{}", text)
    return escaped if "<" in escaped else glossary.explain(escaped, spoken(), "lead")


def spoken() -> str:
    return (get_language() or glossary.FALLBACK).split("-")[0]
