"""Fields that the forms of several wings use."""

from django import forms


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) and data else [None]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files]
