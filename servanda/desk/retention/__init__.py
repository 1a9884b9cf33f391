"""Retention of personal data: periods, legal holds, the dry run and the erasure."""
