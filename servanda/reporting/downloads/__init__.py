"""Files of a report that take more than some seconds: made by the worker, then offered to who asked for them."""
