"""Meetings: invitations, participants, papers, minutes and decisions."""
