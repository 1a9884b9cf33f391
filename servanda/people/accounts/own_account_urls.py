from django.urls import path

from servanda.people.accounts import own_account

patterns = [
    path("me/", own_account.own_account, name="own_account"),
    path("me/edit/", own_account.edit_own_account, name="edit_own_account"),
    path("me/personal-data/", own_account.own_personal_data, name="own_personal_data"),
]
