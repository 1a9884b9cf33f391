"""The server of the product, which waits three seconds where that one waits ten (`tests/house/real_server.py`)."""

from servanda.kit.server import front as front_of_product
from servanda.wsgi import front as front

front_of_product.PAUSE = 3
