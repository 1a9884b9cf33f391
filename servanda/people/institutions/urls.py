from django.urls import path

from servanda.people.institutions import accreditation_views
from servanda.people.institutions import views as institution_views

patterns = [
    path("institutions/", institution_views.institutions, name="institutions"),
    path("institutions/create/", institution_views.create_institution, name="create_institution"),
    path("institutions/<int:pk>/", institution_views.institution, name="institution"),
    path("institutions/<int:pk>/edit/", institution_views.edit_institution, name="edit_institution"),
    path("institutions/<int:pk>/close/", institution_views.close_institution, name="close_institution"),
    path("institutions/<int:pk>/succeed/", institution_views.succeed_institution, name="succeed_institution"),
    path("institutions/<int:pk>/reopen/", institution_views.reopen_institution, name="reopen_institution"),
    path("institutions/<int:pk>/accreditation/", accreditation_views.set_accreditation, name="set_accreditation"),
]
