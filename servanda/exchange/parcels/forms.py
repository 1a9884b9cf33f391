from django import forms
from django.utils.translation import gettext_lazy as _


class ParcelForm(forms.Form):
    file = forms.FileField(label=_("Parcel"), help_text=_("The ZIP file that the other mechanism prepared."))


class UnsignedForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A JSON file with one object, a list of objects, a JSON-LD graph or a page of a feed."),
    )
    sender = forms.CharField(
        label=_("Sender"),
        max_length=200,
        help_text=_("Who sent the file, and how: an institution or a function, no name of a person."),
    )
