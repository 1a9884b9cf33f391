"""Sentences about the vocabulary and its rules."""

from django.utils.translation import gettext_lazy

SENTENCES = {
    "taxonomy-added": gettext_lazy("%(who)s added the taxonomy %(what)s."),
    "taxonomy-edited": gettext_lazy("%(who)s changed the taxonomy %(what)s."),
    "taxonomy-deleted": gettext_lazy("%(who)s deleted the taxonomy %(what)s."),
    "term-added": gettext_lazy("%(who)s added the term %(what)s."),
    "term-edited": gettext_lazy("%(who)s changed the term %(what)s."),
    "term-deleted": gettext_lazy("%(who)s deleted the term %(what)s."),
    "terms-pasted": gettext_lazy("%(who)s imported a table of terms into the taxonomy %(what)s."),
    "body-added": gettext_lazy("%(who)s added the body %(what)s."),
    "body-edited": gettext_lazy("%(who)s changed the body %(what)s."),
    "body-deleted": gettext_lazy("%(who)s deleted the body %(what)s."),
    "instrument-added": gettext_lazy("%(who)s added the treaty %(what)s to the vocabulary."),
    "instrument-edited": gettext_lazy("%(who)s changed the description of the treaty %(what)s."),
    "rule-added": gettext_lazy("%(who)s added the rule %(what)s."),
    "rule-edited": gettext_lazy("%(who)s changed the rule %(what)s."),
    "rule-replaced": gettext_lazy("%(who)s replaced a shipped rule with the rule %(what)s."),
    "rule-retired": gettext_lazy("%(who)s ended the application of the rule %(what)s."),
    "rule-applied-again": gettext_lazy("%(who)s applied the rule %(what)s again."),
    "rule-taken-over": gettext_lazy("%(who)s copied the shipped values to the rule %(what)s."),
    "rule-kept": gettext_lazy("%(who)s kept the rule %(what)s instead of the newer shipped version."),
    "rule-restored": gettext_lazy("%(who)s restored an earlier version of the rule %(what)s."),
    "labels-confirmed": gettext_lazy("%(who)s confirmed labels of the vocabulary in the language %(what)s."),
    "spelling-added": gettext_lazy("%(who)s added a spelling of %(what)s."),
}
