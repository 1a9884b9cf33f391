"""Assistance: requests and offers, cooperation and missions, agreements and their duties."""
