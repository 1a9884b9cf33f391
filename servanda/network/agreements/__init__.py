"""Agreements of mechanisms: parties, text and dates, and duties that are commitments of the register."""
