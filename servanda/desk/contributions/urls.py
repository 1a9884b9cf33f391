"""Addresses of contributions."""

from django.urls import path

from servanda.desk.contributions import views as contribution_views

patterns = [
    path("contributions/", contribution_views.contributions, name="contributions"),
    path("contributions/new/", contribution_views.contribute, name="contribute"),
    path("contributions/<int:pk>/", contribution_views.contribution, name="contribution"),
    path("contributions/<int:pk>/withdraw/", contribution_views.withdraw_contribution, name="withdraw_contribution"),
    path("contributions/<int:pk>/accept/", contribution_views.accept_contribution, name="accept_contribution"),
    path("contributions/<int:pk>/merge/", contribution_views.merge_contribution, name="merge_contribution"),
    path("contributions/<int:pk>/decline/", contribution_views.decline_contribution, name="decline_contribution"),
]
