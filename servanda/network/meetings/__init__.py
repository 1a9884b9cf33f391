"""Meetings of mechanisms: call, agenda, papers, participants, minutes, and decisions that become commitments."""
