"""A visit: the answer to the request, dates and programme, the report in the register; the standing invitation."""
