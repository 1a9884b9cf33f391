"""Deeds on the instance, institutions, people and their accounts, a module for each."""
