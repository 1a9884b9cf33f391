"""Addresses of contributions."""

from django.urls import path

from servanda.desk import contributions

patterns = [
    path("contributions/", contributions.contributions, name="contributions"),
    path("contributions/new/", contributions.contribute, name="contribute"),
    path("contributions/<int:pk>/", contributions.contribution, name="contribution"),
    path("contributions/<int:pk>/withdraw/", contributions.withdraw_contribution, name="withdraw_contribution"),
    path("contributions/<int:pk>/accept/", contributions.accept_contribution, name="accept_contribution"),
    path("contributions/<int:pk>/merge/", contributions.merge_contribution, name="merge_contribution"),
    path("contributions/<int:pk>/decline/", contributions.decline_contribution, name="decline_contribution"),
]
