"""Visits of bodies: request, dates, programme and report; the standing invitation."""
