from django.urls import path

from servanda.desk.sheets import people as views

patterns = [
    path("people-sheets/", views.people_sheets, name="people_sheets"),
    path("people-sheets/send/", views.send_people_sheet, name="send_people_sheet"),
    path("people-sheets/template.xlsx", views.people_sheet_template, name="people_sheet_template"),
    path("people-sheets/export/<str:what>", views.export_people, name="export_people"),
    path("people-sheets/<uuid:key>/", views.people_sheet, name="people_sheet"),
    path("people-sheets/<uuid:key>/progress/", views.people_sheet_progress, name="people_sheet_progress"),
    path("people-sheets/<uuid:key>/apply/", views.apply_people_sheet, name="apply_people_sheet"),
    path("people-sheets/<uuid:key>/undo/", views.undo_people_sheet, name="undo_people_sheet"),
    path("people-sheets/<uuid:key>/discard/", views.discard_people_sheet, name="discard_people_sheet"),
]
