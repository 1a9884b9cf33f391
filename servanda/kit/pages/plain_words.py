"""What to enter in the fields that most forms have, in words of their own: "Select a status" where the label is
"Status". A label that is not here is quoted: "Select an option for “Side”".

Each line has the label as the form gets it, then the sentence; a label is found in the language of the page.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = tuple[tuple[Promise, Promise], ...]

ENTERED: Words = (
    (gettext_lazy("Abbreviation"), gettext_lazy("Enter an abbreviation.")),
    (gettext_lazy("Code"), gettext_lazy("Enter a code.")),
    (gettext_lazy("Content"), gettext_lazy("Enter the content.")),
    (gettext_lazy("Decision"), gettext_lazy("Enter the decision.")),
    (gettext_lazy("Description"), gettext_lazy("Enter a description.")),
    (gettext_lazy("Destination"), gettext_lazy("Enter a destination.")),
    (gettext_lazy("E-mail addresses"), gettext_lazy("Enter at least one e-mail address.")),
    (gettext_lazy("Explanation"), gettext_lazy("Enter an explanation.")),
    (gettext_lazy("Heading"), gettext_lazy("Enter a heading.")),
    (gettext_lazy("Institution"), gettext_lazy("Enter an institution.")),
    (gettext_lazy("Language"), gettext_lazy("Enter a language.")),
    (gettext_lazy("Language of the original"), gettext_lazy("Enter the language of the original.")),
    (gettext_lazy("Languages"), gettext_lazy("Enter at least one language.")),
    (gettext_lazy("Letter no."), gettext_lazy("Enter the number of the letter.")),
    (gettext_lazy("Measure"), gettext_lazy("Enter a measure.")),
    (gettext_lazy("Minutes"), gettext_lazy("Enter the minutes.")),
    (gettext_lazy("Name"), gettext_lazy("Enter a name.")),
    (gettext_lazy("Name of the mechanism"), gettext_lazy("Enter the name of the mechanism.")),
    (gettext_lazy("Note"), gettext_lazy("Enter a note.")),
    (gettext_lazy("Participants"), gettext_lazy("Enter the participants.")),
    (gettext_lazy("Password"), gettext_lazy("Enter a password.")),
    (gettext_lazy("Problem"), gettext_lazy("Enter the problem.")),
    (gettext_lazy("Provider"), gettext_lazy("Enter a provider.")),
    (gettext_lazy("Purpose"), gettext_lazy("Enter a purpose.")),
    (gettext_lazy("Question"), gettext_lazy("Enter a question.")),
    (gettext_lazy("Reason"), gettext_lazy("Enter a reason.")),
    (gettext_lazy("Recommendations"), gettext_lazy("Select at least one recommendation.")),
    (gettext_lazy("Records"), gettext_lazy("Select at least one record.")),
    (gettext_lazy("Other records"), gettext_lazy("Select at least one record.")),
    (gettext_lazy("Reference"), gettext_lazy("Enter a reference.")),
    (gettext_lazy("Reply of the State"), gettext_lazy("Enter the reply of the State.")),
    (gettext_lazy("Request to the institutions"), gettext_lazy("Enter the request to the institutions.")),
    (gettext_lazy("Result"), gettext_lazy("Enter the result.")),
    (gettext_lazy("Sender"), gettext_lazy("Enter the sender.")),
    (gettext_lazy("Source"), gettext_lazy("Enter a source.")),
    (gettext_lazy("Subject"), gettext_lazy("Enter a subject.")),
    (gettext_lazy("Text"), gettext_lazy("Enter a text.")),
    (gettext_lazy("Title"), gettext_lazy("Enter a title.")),
    (gettext_lazy("Venue"), gettext_lazy("Enter a venue.")),
    (pgettext_lazy("on a draft", "Your comment"), gettext_lazy("Enter your comment.")),
    (gettext_lazy("Your contribution"), gettext_lazy("Enter your contribution.")),
    (gettext_lazy("Your name"), gettext_lazy("Enter your name.")),
)
SELECTED: Words = (
    (gettext_lazy("Body"), gettext_lazy("Select a body.")),
    (gettext_lazy("Case"), gettext_lazy("Select a case.")),
    (gettext_lazy("Confidence"), gettext_lazy("Select a level of confidence.")),
    (gettext_lazy("Confidentiality"), gettext_lazy("Select a level of confidentiality.")),
    (gettext_lazy("Function"), gettext_lazy("Select a function.")),
    (gettext_lazy("Institution"), gettext_lazy("Select an institution.")),
    (gettext_lazy("Kind"), gettext_lazy("Select a kind.")),
    (gettext_lazy("Label"), gettext_lazy("Select a label.")),
    (gettext_lazy("Language"), gettext_lazy("Select a language.")),
    (gettext_lazy("Language of your text"), gettext_lazy("Select the language of your text.")),
    (gettext_lazy("Lead institution"), gettext_lazy("Select a lead institution.")),
    (gettext_lazy("Level"), gettext_lazy("Select a level.")),
    (gettext_lazy("Mechanism"), gettext_lazy("Select a mechanism.")),
    (gettext_lazy("Person"), gettext_lazy("Select a person.")),
    (gettext_lazy("Position"), gettext_lazy("Select a position.")),
    (gettext_lazy("Reason"), gettext_lazy("Select a reason.")),
    (gettext_lazy("Role"), gettext_lazy("Select a role.")),
    (gettext_lazy("State"), gettext_lazy("Select a State.")),
    (gettext_lazy("Status"), gettext_lazy("Select a status.")),
    (gettext_lazy("Type"), gettext_lazy("Select a type.")),
    (gettext_lazy("Unit"), gettext_lazy("Select a unit.")),
    (gettext_lazy("Value"), gettext_lazy("Select a value.")),
    (pgettext_lazy("of an assessment", "Value"), gettext_lazy("Select a value.")),
)
SEVERAL_SELECTED: Words = (
    (gettext_lazy("Institutions"), gettext_lazy("Select at least one institution.")),
    (gettext_lazy("Obligations"), gettext_lazy("Select at least one obligation.")),
    (gettext_lazy("Questions"), gettext_lazy("Select at least one question.")),
)
DATES: Words = (
    (gettext_lazy("Date"), gettext_lazy("Enter a date, such as %(date)s.")),
    (gettext_lazy("Deadline"), gettext_lazy("Enter a deadline, such as %(date)s.")),
    (gettext_lazy("End date"), gettext_lazy("Enter an end date, such as %(date)s.")),
    (
        pgettext_lazy("from an institution", "Date of the letter"),
        gettext_lazy("Enter the date of the letter, such as %(date)s."),
    ),
)
FILES: Words = ((gettext_lazy("File"), gettext_lazy("Choose a file.")),)
EVERY_KIND = (ENTERED, SELECTED, SEVERAL_SELECTED, DATES, FILES)


def words_for(label: str, words: Words) -> Any:
    """The sentence for a label, or None."""
    return next((sentence for known, sentence in words if str(known) == label), None)


def is_for(sentence: str, label: str, examples: dict[str, str]) -> bool:
    """Whether a sentence is the one for this label, and so names its field."""
    return any(
        str(known) == label and str(words) % examples == sentence for kind in EVERY_KIND for known, words in kind
    )
