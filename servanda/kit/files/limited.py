"""Started in the place of another program: it takes limits upon itself, and then becomes that program.

A limit that the parent sets afterwards comes too late; one that is set between fork and exec may stop a parent that
has threads.
"""

import os
import resource
import sys


def limit(what: int, most: int) -> None:
    hardest = resource.getrlimit(what)[1]
    allowed = most if hardest == resource.RLIM_INFINITY else min(most, hardest)
    resource.setrlimit(what, (allowed, allowed))


def become(seconds: str, memory: str, written: str, *program: str) -> None:
    limit(resource.RLIMIT_CPU, int(seconds))
    limit(resource.RLIMIT_AS, int(memory))
    limit(resource.RLIMIT_FSIZE, int(written))
    limit(resource.RLIMIT_CORE, 0)
    os.execvp(program[0], program)


if __name__ == "__main__":
    become(*sys.argv[1:])
