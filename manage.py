#!/usr/bin/env python
import os
import sys

import django
from django.core.management import execute_from_command_line

from servanda.kit.server.memory import loading

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
    with loading():
        django.setup()
    execute_from_command_line(sys.argv)
