"""Shared by the pages of all rooms: forms, paging, help, the glossary, languages, the theme."""
