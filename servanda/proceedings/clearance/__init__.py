"""Clearance of any text in the steps of the installation: cleared or returned, and reopened by a change."""
