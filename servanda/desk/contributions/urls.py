"""Addresses of contributions."""

from django.urls import path

from servanda.desk.contributions import views

urlpatterns = [
    path("contributions/", views.contributions, name="contributions"),
    path("contributions/new/", views.contribute, name="contribute"),
    path("contributions/<int:pk>/", views.contribution, name="contribution"),
    path("contributions/<int:pk>/withdraw/", views.withdraw_contribution, name="withdraw_contribution"),
    path("contributions/<int:pk>/accept/", views.accept_contribution, name="accept_contribution"),
    path("contributions/<int:pk>/merge/", views.merge_contribution, name="merge_contribution"),
    path("contributions/<int:pk>/decline/", views.decline_contribution, name="decline_contribution"),
]
