"""Queries that nobody means: made to be slow, to be drawn, or to be taken for something else."""

from __future__ import annotations

HOSTILE = (
    # Expressions, stars and parentheses of other search languages.
    "(a+)+$" * 100, ".*", "[a-z]{9999}", "a{1000}{1000}", "\\", "*", "?", "*" * 1_000, "text:.*", "tag:[*",
    "place:(", "briefing:\\",
    # Nested and unfinished.
    "(" * 1_000, ")" * 1_000, "(" * 1_000 + "a" + ")" * 1_000, "-" * 1_000, "-" * 999 + "a", "(-" * 500 + "a",
    "-(-a or " * 12 + "b" + ")" * 12, "-(the -" * 12 + "a" + ")" * 12, '"' * 999, '"' * 1_001, "kind:" * 200,
    # Very long, and very common words many times over.
    "a " * 50_000, "x" * 100_000, "a* " * 60, "aaaaaaaa " * 60, "a or " * 200, "speaker:" + "x" * 900,
    '"' + "a " * 400 + '"', '"the of the of the of the"', " or ".join("abcdefghijklmnopqrstuvwxyz"),
    " ".join(f"-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"), "a* or b* or c* or d* or e* or f*",
    # Dates and counts at their ends.
    "date:0001..9999", "date:9999-12-31..9999-12-31", "after:9999-12-31", "before:0001-01-01", "deaths:<0",
    "deaths:>0 or deaths:<1000000",
    # What a terminal would obey, halves of letters, marks without end, letters that unfold.
    "\x1b]52;c;AAAA\x07", "\x1b]52;c;AAAA\x07 \x00 \x9b31m", "a\x00b", "\ud800\udfff", "\ud800\udfff" * 50,
    "iran\ud800(iraq", "\u202e\u2066iran", "\u202eabc\u2066",
    "e\u0301" * 200, "ﷺ" * 300, "ﬃ" * 300, "xa" * 500,
)  # fmt: skip
