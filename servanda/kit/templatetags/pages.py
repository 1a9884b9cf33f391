"""Filters that every page may load: codes and texts that keep their own direction, names of languages."""

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from servanda.kit import request_id

register = template.Library()


@register.filter
def code(value: object) -> str:
    """A symbol, reference or number that must read left to right also inside Arabic."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', value) if value not in (None, "") else ""


@register.filter
def langtext(text: object, language: str = "") -> str:
    """A text in a language of its own: browsers, screen readers and hyphenation are told which."""
    if language:
        return format_html('<span class="langtext" lang="{}" dir="auto">{}</span>', language, text)
    return format_html('<span class="langtext" dir="auto">{}</span>', text)


@register.filter
def language_name(language: str) -> str:
    """The name of a language in the language of the page; the bare code where no name is known."""
    if language == "zh":
        return _("Chinese")
    try:
        return _(get_language_info(language)["name"])
    except KeyError:
        return language


@register.filter
def inputs_by_language(field: BoundField) -> list[dict]:
    """The inputs of a text kept in several languages, one each, so that every one can have a label."""
    widget = field.field.widget
    values = field.value()
    if not isinstance(values, list):
        values = widget.decompress(values)
    inputs = []
    for number, (language, one) in enumerate(zip(widget.locales, widget.widgets, strict=True)):
        attributes = {"id": f"{field.auto_id}_{number}"}
        if field.aria_describedby:
            attributes["aria-describedby"] = field.aria_describedby
        html = one.render(f"{field.html_name}_{number}", values[number], attributes)
        inputs.append({"language": language, "id": attributes["id"], "html": html})
    return inputs


@register.simple_tag
def request_line() -> str:
    """What to name in a letter about this answer; a tag, because some error pages have no context."""
    if not (known := request_id.current()):
        return ""
    number = format_html('<bdi dir="ltr" class="code request-id">{}</bdi>', known)
    return format_html('<p class="small soft">{} {}</p>', _("If you write to us, name this request:"), number)
