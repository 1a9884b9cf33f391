from django.urls import path

from servanda.people import accrediting, institutions

patterns = [
    path("institutions/", institutions.institutions, name="institutions"),
    path("institutions/create/", institutions.create_institution, name="create_institution"),
    path("institutions/<int:pk>/", institutions.institution, name="institution"),
    path("institutions/<int:pk>/edit/", institutions.edit_institution, name="edit_institution"),
    path("institutions/<int:pk>/close/", institutions.close_institution, name="close_institution"),
    path("institutions/<int:pk>/succeed/", institutions.succeed_institution, name="succeed_institution"),
    path("institutions/<int:pk>/reopen/", institutions.reopen_institution, name="reopen_institution"),
    path("institutions/<int:pk>/accreditation/", accrediting.set_accreditation, name="set_accreditation"),
]
