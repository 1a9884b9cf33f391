"""Started instead of another program: it sets limits for its own process and then executes that program.

The parent would set limits too late, and code that runs between fork and exec can deadlock a parent with threads.
"""

import os
import resource
import sys


def set_limit(resource_kind: int, most: int) -> None:
    hardest = resource.getrlimit(resource_kind)[1]
    allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
    resource.setrlimit(resource_kind, (allowed, allowed))


def exec_limited(seconds: str, memory: str, file_size: str, *program: str) -> None:
    set_limit(resource.RLIMIT_CPU, int(seconds))
    set_limit(resource.RLIMIT_AS, int(memory))
    set_limit(resource.RLIMIT_FSIZE, int(file_size))
    set_limit(resource.RLIMIT_CORE, 0)
    os.execvp(program[0], program)


if __name__ == "__main__":
    exec_limited(*sys.argv[1:])
