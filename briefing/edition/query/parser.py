"""Reads queries.

The grammar, in the order of binding, loosest first::

    query   = [ any ]
    any     = all { "or" all }
    all     = not { [ "and" ] not }
    not     = { "-" } term
    term    = "(" any ")" | field | phrase | word
    field   = NAME [ "+" ] ":" ( phrase | word )      no space after the colon
    phrase  = '"' any characters but quotes '"' [ "*" ]
    word    = characters but spaces, quotes and parentheses [ "*" ]

All words and terms that stand side by side must match. ``or`` and ``and`` are operators in any case
of letters; in quotes they are words. A star at the end makes a prefix. A minus at the beginning of
a term excludes it; inside a word it is a letter of the word. Words without a letter or digit say
nothing and are left out. NAME is one of `fields.FIELDS`; what looks like a time (``12:30``) or an
address (``https://...``) is a word. Curly quotes count as quotes.

There are two ways to read. `parse` is for a finished query and raises `QueryError`, once, with the
column and, where there is one, the word that was probably meant. `parse_typed` is for a query that
is still being typed and never raises: what is unfinished or wrong is read as far as it makes sense,
and the last word is a prefix until a space follows it.
"""

from __future__ import annotations

import re
import unicodedata

from briefing.edition.query.fields import FIELDS, FieldSpec, Sort, choices_for, nearest
from briefing.edition.query.lexer import Mark, Token, readable, tokens
from briefing.edition.query.problem import QueryError
from briefing.edition.query.tree import And, Everything, Field, Node, Not, Or, Phrase, Word
from briefing.model.names import plain_word

# Far beyond what people write, and little enough that any query is answered at once.
MAX_LENGTH = 1_000
MAX_TERMS = 64
MAX_PREFIXES = 8
# In one phrase: where a common word follows itself, it is looked for at all its places for each time.
MAX_REPEATS = 16
MAX_DEPTH = 20
_WORDS = re.compile(r"[^\W_]+")
_FIELD = re.compile(r"([^\W\d_]+)(\+?):(?!//)(.*)", re.DOTALL)


def parse(text: str) -> Node:
    """The tree of a finished query; raises QueryError."""
    if len(text) > MAX_LENGTH:
        message = f"the query has {len(text):,} characters; at most {MAX_LENGTH:,} are read"
        raise QueryError(MAX_LENGTH + 1, message)
    return _Parser(readable(text, strict=True), typing=False).query()


def parse_typed(text: str) -> Node:
    """The tree of a query that is still being typed; never raises."""
    return _Parser(readable(text[:MAX_LENGTH], strict=False), typing=True).query()


class _Parser:
    def __init__(self, text: str, *, typing: bool) -> None:
        self._text = text
        self._typing = typing
        self._tokens = list(tokens(text))
        self._at = 0
        self._terms = 0
        self._prefixes = 0
        # While typing, the term at the very end is not finished.
        self._open_end = len(text) if typing else -1

    def query(self) -> Node:
        node = self._any(0)
        while (token := self._peek()) is not None:  # only a closing parenthesis stops the reading
            self._wrong(token, "this parenthesis closes none")
            self._at += 1
            rest = self._any(0)
            node = self._joined(And, [part for part in (node, rest) if part is not None])
        if node is not None:
            return node
        if not self._typing:
            raise QueryError(1, "there is nothing to search for")
        return Everything(start=0, end=len(self._text))

    def _any(self, depth: int) -> Node | None:
        parts = []
        operator = None
        while True:
            node = self._all(depth)
            if node is not None:
                parts.append(node)
            token = self._peek()
            if node is None and (operator or self._is_or(token)):
                wrong = operator or token
                assert wrong is not None
                self._wrong(wrong, '"or" needs a term on both sides; the word itself is "or" in quotes')
            if token is None or not self._is_or(token):
                return self._joined(Or, parts)
            operator = token
            self._at += 1

    def _all(self, depth: int) -> Node | None:
        parts = []
        while (token := self._peek()) is not None and token.mark is not Mark.CLOSE and not self._is_or(token):
            if token.mark is Mark.WORD and token.text.casefold() == "and":
                self._at += 1
                continue
            node = self._not(depth)
            if node is not None:
                parts.append(node)
        return self._joined(And, parts)

    def _joined(self, join: type[And | Or], parts: list[Node]) -> Node | None:
        flat: list[Node] = []
        for part in parts:
            flat += part.parts if isinstance(part, join) else (part,)
        if len(flat) < 2:
            return flat[0] if flat else None
        return join(tuple(flat), start=flat[0].start, end=flat[-1].end)

    def _not(self, depth: int) -> Node | None:
        minuses = []
        while (token := self._peek()) is not None and token.mark is Mark.MINUS:
            minuses.append(token)
            self._at += 1
            following = self._peek()
            if following is None or following.start != token.end or following.mark is Mark.CLOSE:
                self._wrong(token, "a minus needs a term right after it")
                return None
        if len(minuses) + depth > MAX_DEPTH:
            self._wrong(minuses[-1] if minuses else None, f"at most {MAX_DEPTH} levels are read")
            minuses = minuses[: max(MAX_DEPTH - depth, 0)]
        node = self._term(depth + len(minuses))
        for minus in reversed(minuses):
            node = None if node is None else Not(node, start=minus.start, end=node.end)
        return node

    def _term(self, depth: int) -> Node | None:
        token = self._next()
        if token.mark is Mark.OPEN:
            return self._group(token, depth)
        if not self._counts(token):
            return None
        if token.mark is Mark.PHRASE:
            return self._phrase(token)
        field = _FIELD.fullmatch(token.text)
        return self._word(token) if field is None else self._field(token, field)

    def _counts(self, token: Token) -> bool:
        """Count the words of TOKEN; whether there are still not too many, nor one of them too often."""
        words = _WORDS.findall(unicodedata.normalize("NFKC", token.text))
        self._terms += max(len(words), 1)
        if self._terms > MAX_TERMS:
            self._wrong(token, f"the query has more than {MAX_TERMS} words")
            return False
        alike = [plain_word(word) for word in words]
        repeated = next((word for word in alike if alike.count(word) > MAX_REPEATS), None)
        if repeated is not None:
            self._wrong(token, f'"{repeated[:40]}" stands in this phrase more than {MAX_REPEATS} times')
        return repeated is None

    def _group(self, token: Token, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            self._wrong(token, f"at most {MAX_DEPTH} parentheses are read inside each other")
            return None  # while typing, what is inside is read as if the parenthesis were not there
        node = self._any(depth + 1)
        closing = self._peek()
        if closing is None:
            self._wrong(token, "this parenthesis is never closed")
        else:
            self._at += 1
        if node is None:
            self._wrong(token, "there is nothing between these parentheses")
        return node

    def _phrase(self, token: Token) -> Node | None:
        if not token.closed:
            self._wrong(token, "this quotation mark is never closed")
        if not _says_something(token.text):
            return None
        prefix = self._prefix(token, token.star)
        return Phrase(token.text, prefix, start=token.start, end=token.end)

    def _word(self, token: Token) -> Node | None:
        text = token.text.rstrip("*")
        if not _says_something(text):
            return None
        prefix = self._prefix(token, text != token.text)
        return Word(text, prefix, start=token.start, end=token.end)

    def _field(self, token: Token, match: re.Match[str]) -> Node | None:
        name, more, value = match[1].casefold(), bool(match[2]), match[3]
        spec = FIELDS.get(name)
        if spec is None:
            return self._unknown_field(token, match)
        start = token.start + match.start(3)
        last, quoted, star = token, False, value.endswith("*")
        following = self._peek()
        if not value and following is not None and following.mark is Mark.PHRASE and following.start == start:
            self._at += 1
            if not self._counts(following):
                return None
            last, value, quoted, star = following, following.text, True, following.star
            if not following.closed:
                self._wrong(following, "this quotation mark is never closed")
        else:
            value = value.rstrip("*")
        if not value.strip():
            self._wrong(token, f"{name}: needs a value right after it, for example {name}:{spec.example}")
            return None
        if more and not spec.more:
            self._wrong(token, f"{name}+: means nothing; only fields that name actors take a plus")
            more = False
        prefix = self._prefix(last, star)
        if not self._typing:
            _check(spec, value, prefix, start + quoted + 1)
        return Field(name, value, quoted, prefix, more, start=token.start, end=last.end)

    def _unknown_field(self, token: Token, match: re.Match[str]) -> Node | None:
        """While typing, what stands around the colon is read as words."""
        name = match[1]
        known = nearest(name, FIELDS)
        hint = f"did you mean {known}:?" if known else f"the fields are {', '.join(FIELDS)}"
        self._wrong(token, f"there is no field {name[:40]}:; {hint}")
        words = []
        for part in re.finditer("[^:-][^:]*", token.text):
            start, end = token.start + part.start(), token.start + part.end()
            if part.group().casefold() in ("or", "and"):
                continue
            word = self._word(Token(Mark.WORD, part.group(), start, end))
            words += [] if word is None else [word]
        return self._joined(And, words)

    def _prefix(self, token: Token, star: bool) -> bool:
        """Whether TOKEN is a prefix: it has a STAR or is being typed."""
        if not (star or self._unfinished(token)):
            return False
        self._prefixes += 1
        if self._prefixes > MAX_PREFIXES:
            self._wrong(token, f"the query has more than {MAX_PREFIXES} words with a star")
        return self._prefixes <= MAX_PREFIXES

    def _unfinished(self, token: Token) -> bool:
        """Whether TOKEN is what is being typed."""
        return token.end == self._open_end and (token.mark is Mark.WORD or not token.closed)

    def _is_or(self, token: Token | None) -> bool:
        return token is not None and token.mark is Mark.WORD and token.text.casefold() == "or"

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self, token: Token | None, message: str) -> None:
        if not self._typing:
            raise QueryError(1 if token is None else token.start + 1, message)


def _check(spec: FieldSpec, value: str, prefix: bool, column: int) -> None:
    """Raise QueryError when the field cannot have this value."""
    if spec.sort is Sort.CHOICE and not choices_for(spec, value, unfinished=prefix):
        known = nearest(value, spec.choices)
        elsewhere = next((name for name, other in FIELDS.items() if value.casefold() in other.choices), None)
        if elsewhere:
            hint = f"did you mean {elsewhere}:{value}?"
        else:
            hint = f'did you mean "{known}"?' if known else f"it can be {', '.join(spec.choices)}"
        raise QueryError(column, f'{spec.name}: cannot be "{value[:40]}"; {hint}')
    from briefing.edition.query.values import counts_of, days_of

    try:
        if spec.sort is Sort.DATE:
            days_of(spec.name, value)
        elif spec.sort is Sort.COUNT:
            counts_of(value)
    except ValueError as error:
        raise QueryError(column, str(error)) from None


def _says_something(text: str) -> bool:
    return any(letter.isalnum() for letter in text)
