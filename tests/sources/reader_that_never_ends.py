"""Stands in for `servanda.sources.files.pdf_process`: it uses no processor and would run for an hour."""

import time

if __name__ == "__main__":
    time.sleep(3600)
