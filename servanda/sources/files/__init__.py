"""Turns files of any kind into lines of text, in processes with limits on time and memory."""
