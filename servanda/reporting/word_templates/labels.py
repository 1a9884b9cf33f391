"""What the fields of a Word template contain, in words."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "title": _("Title of the report"),
    "state": _("Name of the State"),
    "body": _("Body that receives the report"),
    "obligation": _("Obligation that the report answers"),
    "review": _("Review, with its cycle"),
    "period": _("Period that the report covers"),
    "language": _("Language of the report"),
    "date": _("Date of the file"),
    "words": _("Words and word limit; in drafts only"),
    "status": _("The word Draft, or nothing once the report is submitted; needed in every template"),
    "contents": _("Table of contents; alone in a paragraph"),
    "text": _("All sections with their headings; alone in a paragraph"),
    "matrix": _("Annexes with the matrix of recommendations, on landscape pages; alone in a paragraph"),
    "facts": _("List of the facts on the title page; each has label and value"),
    "sections": _(
        "List of the sections, instead of {{ text }}; each has number, heading, depth and text. Changes made in such "
        "Word files cannot be imported."
    ),
    "notes": _("List of the endnotes, which Word also prints at the end; each has number and text"),
}
LOOPS = """{%p if status %}
{{ status }}
{%p endif %}
{%p for section in sections %}
{{ section.heading }}
{{ section.text }}
{%p endfor %}"""
