"""Rounds of questions to institutions: who is asked, who is late, reminders, and answer sheets."""
