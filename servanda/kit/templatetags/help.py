"""Help for the current page, and explanations of terms of the glossary."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from servanda.kit.pages import glossary
from servanda.kit.pages.help import pages_with_help

register = template.Library()


@register.simple_tag(takes_context=True)
def help_address(context: dict) -> str:
    """The address of the help of the current page, by the name of its URL pattern; empty where it has no help."""
    match = getattr(context.get("request"), "resolver_match", None)
    name = match.view_name if match else ""
    return reverse("portal:page_help", args=[name]) if name in pages_with_help() else ""


@register.filter
def explain(text: object, without: str = "") -> SafeString:
    """Explain terms of the glossary on their first use, except for the slugs `without`; a text that contains markup
    is left as it is."""
    escaped = format_html("{}", text)
    if "<" in escaped:
        return escaped
    return glossary.explain(escaped, page_language(), "lead", without=without.split())


def page_language() -> str:
    return (get_language() or glossary.FALLBACK).split("-")[0]
