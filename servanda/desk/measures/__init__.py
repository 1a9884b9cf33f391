"""Measures that courts and committees have ordered: their list, and the facts of one."""
