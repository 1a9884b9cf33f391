"""Addresses of spreadsheets that are sent and downloaded; the kind stands in them under its code."""

from django.urls import path, register_converter

from servanda.desk.sheets import views
from servanda.intake.sheets.kinds import SheetKind, kind_named


class KindConverter:
    """The code of a kind in an address, as the kind itself; another word is no address."""

    regex = "[a-z]+"

    def to_python(self, value: str) -> SheetKind:
        """Raises `ValueError` where no room has such a kind."""
        if (kind := kind_named(value)) is None:
            raise ValueError(value)
        return kind

    def to_url(self, value: SheetKind | str) -> str:
        return value.code if isinstance(value, SheetKind) else value


register_converter(KindConverter, "kind")

urlpatterns = [
    path("sheets/people/export/<str:what>", views.export_people, name="export_people"),
    path("sheets/<kind:kind>/", views.send_sheet, name="send_sheet"),
    path("sheets/<kind:kind>/<int:pk>/", views.send_sheet, name="send_sheet"),
    path("sheets/<kind:kind>/template.xlsx", views.sheet_template, name="sheet_template"),
    path("sheets/<kind:kind>/<uuid:key>/", views.sheet, name="sheet"),
    path("sheets/<kind:kind>/<uuid:key>/progress/", views.sheet_progress, name="sheet_progress"),
    path("sheets/<kind:kind>/<uuid:key>/apply/", views.apply_sheet, name="apply_sheet"),
    path("sheets/<kind:kind>/<uuid:key>/undo/", views.undo_sheet, name="undo_sheet"),
    path("sheets/<kind:kind>/<uuid:key>/discard/", views.discard_sheet, name="discard_sheet"),
    path("rounds/requests/<int:pk>/sheet.<str:format>", views.answer_sheet, name="answer_sheet"),
]
