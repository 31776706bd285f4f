"""Problems: what is wrong with a library, where, and the way out."""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

# What a sanitised text shows of one character of the file.
_SHOWN = re.compile(r"⟨U\+[0-9A-F]{4,6}⟩|.")


class Severity(StrEnum):
    """How much a problem matters: an error keeps a record out, a warning and advice do not."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem at one place.

    `file` is relative to the library's folder's parent as the editor named it; `line` and `column`
    count from 1 (0: the whole file). `excerpt` is that line of the file, sanitised; `width` says how
    many columns the caret underlines. `hint` is given only where the line itself proves it.
    """

    code: str
    severity: Severity
    file: str
    line: int
    column: int
    message: str
    record: str = ""
    excerpt: str = ""
    width: int = 1
    hint: str = ""

    @property
    def excerpts(self) -> tuple[str, str, str]:
        """The excerpt before the caret, above it, and after it."""
        shown = _SHOWN.findall(self.excerpt)
        start = self.column - 1
        end = start + self.width
        return "".join(shown[:start]), "".join(shown[start:end]), "".join(shown[end:])

    @property
    def brief(self) -> str:
        """For one short line: the file's name, the line, and what is wrong."""
        name = self.file.rpartition("/")[2]
        return f"{name}:{self.line}: {self.message}" if self.line else f"{name}: {self.message}"

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f" {self.record}" if self.record else ""
        return f"{where}: {self.severity} {self.code}{subject}: {self.message}"
