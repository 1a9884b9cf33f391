"""Spreadsheets of people, actions, values and answers: sent, checked, applied, undone, and downloaded."""
