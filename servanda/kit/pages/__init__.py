"""What pages of every room are made of: forms, paging, help, the glossary, languages, the theme."""
