"""Regular expressions that are compiled when they are first used.

Python takes 0.4 s to compile those with which documents are read. Most processes read none: commands, the server, and
the children that do one thing.
"""

import re
from functools import cached_property
from typing import Any, cast


class LazyPattern:
    """Has the attributes of the compiled pattern. A mistake in it is seen at its first use."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags_given = pattern, flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self.flags_given)

    def __getattr__(self, name: str) -> Any:
        """Called once for each name: the next time, the instance has it."""
        found = vars(self)[name] = getattr(self.compiled, name)
        return found


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile(pattern, flags)`, later."""
    return cast("re.Pattern[str]", LazyPattern(pattern, flags))
