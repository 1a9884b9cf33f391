from django.urls import path

from servanda.people.institutions import accreditation_views, views

patterns = [
    path("institutions/", views.institutions, name="institutions"),
    path("institutions/create/", views.create_institution, name="create_institution"),
    path("institutions/<int:pk>/", views.institution, name="institution"),
    path("institutions/<int:pk>/edit/", views.edit_institution, name="edit_institution"),
    path("institutions/<int:pk>/accreditation/", accreditation_views.set_accreditation, name="set_accreditation"),
]
