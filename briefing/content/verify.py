"""Verification: whether the words that records give stand in their sources' texts, to the character.

A pure core: claims and texts go in, findings come out. What only looks the same (a curly apostrophe,
another dash, other spaces), words left out at an ellipsis, and words in another paragraph are named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from briefing.content.claims import Claim
from briefing.content.differences import Segment, compare, find_whole, fold, name_differences, nearest
from briefing.content.sourcetext import SourceText, Span, quoted_spans
from briefing.content.verdict import Standing
from briefing.content.verified import Mark, Marks, named
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

_OMISSION = re.compile(r"\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.\.\.)\s*")
# Likeness from which no other paragraph is looked at, and how much more like another one must be.
_SURE, _BETTER = 0.8, 0.2
ANOTHER_PARAGRAPH = "another paragraph"


class Outcome(StrEnum):
    """The three verdicts on a claim."""

    VERBATIM = "verbatim"
    DIFFERS = "differs"
    UNAVAILABLE = "source not available"


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one claim.

    `para` and `offset` say where the words, or those most like them, stand (the offset in characters
    from 0); `near` names the differences, `diff` shows them; `stale` says what no longer holds of the
    mark that verified.yaml has.
    """

    claim: Claim
    outcome: Outcome
    sha256: str | None = None
    para: int | None = None
    offset: int | None = None
    near: tuple[str, ...] = ()
    diff: tuple[Segment, ...] = ()
    message: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage of the source, and what tells it from the words of the claim."""

    para: int
    span: Span
    diff: tuple[Segment, ...] = ()
    near: tuple[str, ...] = ()
    likeness: float = 1.0


def verify(
    claims: Iterable[Claim],
    text_of: Callable[[Claim], SourceText | None],
    marks: Marks,
    declared: Callable[[Ref], str | None] = lambda _: None,
) -> Iterator[Finding]:
    """The finding on each of CLAIMS; TEXT_OF gives the text of its source, None when it is not at hand.

    DECLARED gives the checksum that a source declares: it tells of a text that is not at hand, too, that it
    is another one now.
    """
    for claim in claims:
        text = text_of(claim)
        if text is None:
            stale = _stale(claim, marks, declared(claim.source))
            yield Finding(claim, Outcome.UNAVAILABLE, stale=stale)
        else:
            yield _check(claim, text, _stale(claim, marks, text.sha256))


def mark(finding: Finding) -> Mark | None:
    """The line of verified.yaml for FINDING, None when nothing was compared."""
    claim = finding.claim
    if finding.sha256 is None or claim.text is None:
        return None
    verbatim = finding.outcome is Outcome.VERBATIM
    record, source = named(claim)
    return Mark(
        record=record,
        verdict=Standing.VERBATIM if verbatim else Standing.DIFFERS,
        hash=claim.hash,
        source=source,
        sha256=finding.sha256,
        para=finding.para if verbatim else claim.para,
        offset=finding.offset if verbatim else None,
    )


class Renewal:
    """The marks of a briefing after a verification: the new ones, and old ones of texts not at hand."""

    def __init__(self, marks: Marks) -> None:
        self._old = marks
        self._new: dict[Mark, None] = {}
        self._claimed: set[tuple[str, str]] = set()

    def add(self, finding: Finding) -> None:
        claim = finding.claim
        self._claimed.add(named(claim))
        new = mark(finding)
        if new is not None:
            self._new[new] = None
        elif claim.text is not None:
            self._new |= dict.fromkeys(self._old.of(claim))

    def keep_left_over(self) -> None:
        """Keep the marks of records that could not be read: they may be there nevertheless."""
        self._new |= dict.fromkeys(self.left_over)
        self._claimed |= {(mark.record, mark.source) for mark in self._new}

    @property
    def marks(self) -> list[Mark]:
        return list(self._new)

    @property
    def left_over(self) -> list[Mark]:
        """Old marks of what no record claims any more."""
        return self._old.besides(self._claimed)


def _stale(claim: Claim, marks: Marks, sha256: str | None) -> str:
    """Why what verified.yaml says of the claim no longer holds of the text SHA256, or nothing."""
    if claim.text is None:
        return ""
    fitting = marks.fitting(claim)
    if fitting is None:
        if not marks.of(claim):
            return ""
        same_words = any(old.hash == claim.hash for old in marks.of(claim))
        return "the paragraph changed since" if same_words else "the words changed since"
    return "" if sha256 in (None, fitting.sha256) else "the source's text changed since"


def _check(claim: Claim, text: SourceText, stale: str) -> Finding:
    if claim.para is not None and text.line(claim.para) is None:
        what = "is not part of the source" if claim.para in text.skip else "does not exist"
        message = f"paragraph {claim.para} {what}"
        elsewhere = None if claim.text is None else _elsewhere(claim.text, claim.para, text)
        if elsewhere is None:
            return Finding(claim, Outcome.DIFFERS, text.sha256, message=message, stale=stale)
        return _differs(claim, text, elsewhere, stale)
    if claim.text is None:
        return Finding(claim, Outcome.VERBATIM, text.sha256, claim.para)
    for para, line in _candidates(claim, text):
        at = find_whole(line, claim.text)
        if at is not None:
            remark = "" if _is_spoken(claim, line, at) else _unspoken(line, at, at + len(claim.text))
            return Finding(claim, Outcome.VERBATIM, text.sha256, para, at, message=remark, stale=stale)
    return _differs(claim, text, _nearest(claim, text), stale)


def _is_spoken(claim: Claim, line: str, at: int) -> bool:
    """Whether a quote stands in quotation marks, or in a text that has none there."""
    assert claim.text is not None
    if claim.record.kind is not Kind.QUOTE:
        return True
    spans = list(quoted_spans(line))
    places = [at]
    while (following := find_whole(line, claim.text, after=places[-1] + 1)) is not None:
        places.append(following)
    ends = [(place, place + len(claim.text)) for place in places]
    return not spans or any(span.start <= start and end <= span.end for span in spans for start, end in ends)


def _unspoken(line: str, start: int, end: int) -> str:
    """How words from START to END, which no quotation marks hold, stand to those of their paragraph."""
    if any((span.start - 1, span.end + 1) == (start, end) for span in quoted_spans(line)):
        return "with its quotation marks, which are no part of it: leave them out"
    return "outside the quotation marks of its paragraph"


def _candidates(claim: Claim, text: SourceText) -> Iterator[tuple[int, str]]:
    """The paragraphs where the claim says that its words stand."""
    if claim.para is None:
        yield from text.paragraphs
    elif (line := text.line(claim.para)) is not None:
        yield claim.para, line


def _differs(claim: Claim, text: SourceText, place: _Place | None, stale: str) -> Finding:
    if place is None:
        message = "nothing like it stands in the source"
        return Finding(claim, Outcome.DIFFERS, text.sha256, message=message, stale=stale)
    near = place.near
    message = ", ".join(near)
    if claim.para is not None and place.para != claim.para:
        near = (*near, ANOTHER_PARAGRAPH)
        where = f"stands in paragraph {place.para}, not {claim.para}"
        message = f"{message}; {where}" if message else where
    return Finding(
        claim,
        Outcome.DIFFERS,
        text.sha256,
        place.para,
        place.span.start,
        near,
        place.diff,
        message,
        stale,
    )


def _nearest(claim: Claim, text: SourceText) -> _Place | None:
    """The passage that is most likely meant: look-alikes before likeness, its paragraph before others."""
    assert claim.text is not None
    for para, line in _candidates(claim, text):
        place = _look_alike(claim.text, para, line)
        if place is not None:
            return place
    found = _most_similar(claim.text, _candidates(claim, text))
    if claim.para is None or (found is not None and found.likeness > _SURE):
        return found
    elsewhere = _elsewhere(claim.text, claim.para, text)
    if found is None or (elsewhere is not None and elsewhere.likeness > found.likeness + _BETTER):
        return elsewhere
    return found


def _elsewhere(wanted: str, not_in: int, text: SourceText) -> _Place | None:
    """The passage most like WANTED in the other paragraphs."""
    others = [(para, line) for para, line in text.paragraphs if para != not_in]
    for para, line in others:
        at = find_whole(line, wanted)
        if at is not None:
            return _Place(para, Span(at, at + len(wanted)))
    for para, line in others:
        place = _look_alike(wanted, para, line)
        if place is not None:
            return place
    return _most_similar(wanted, others)


def _look_alike(wanted: str, para: int, line: str) -> _Place | None:
    """Where WANTED stands in LINE but for look-alikes, or for words left out at an ellipsis."""
    folded = fold(line)
    span = folded.find(fold(wanted).text.strip())
    if span is not None:
        span = span._replace(end=_with_signs(line, span.end))
        diff = compare(wanted, line[span.start : span.end])
        return _Place(para, span, diff, name_differences(diff) or ("a cut word",))
    parts = [part for part in _OMISSION.split(wanted) if part]
    if len(parts) < 2:
        return None
    start = end = None
    after = 0
    omitted = False
    for part in parts:
        sought = fold(part).text.strip()
        at = find_whole(folded.text, sought, after=after)
        if at is None:
            return None
        omitted = omitted or (start is not None and any(map(str.isalnum, folded.text[after:at])))
        after = at + len(sought)
        start = folded.offsets[at] if start is None else start
        end = folded.offsets[after - 1] + 1
    assert start is not None and end is not None
    end = _with_signs(line, end)
    diff = compare(wanted, line[start:end])
    return _Place(para, Span(start, end), diff, ("ellipsis",) if omitted else name_differences(diff))


def _with_signs(line: str, end: int) -> int:
    """END, after what folding leaves out: accents and vowel signs of the letter before it, tatweel."""
    while end < len(line) and not fold(line[end]).text:
        end += 1
    return end


def _most_similar(wanted: str, paragraphs: Iterable[tuple[int, str]]) -> _Place | None:
    places = (_similar(wanted, para, line) for para, line in paragraphs)
    return max((p for p in places if p is not None), key=lambda place: place.likeness, default=None)


def _similar(wanted: str, para: int, line: str) -> _Place | None:
    found = nearest(wanted, line)
    if found is None:
        return None
    (start, end), likeness = found
    # The marks at the rim belong to the passage where the words have marks there too.
    while end < len(line) and not wanted[-1].isalnum() and _is_mark(line[end]):
        end += 1
    while start > 0 and not wanted[0].isalnum() and _is_mark(line[start - 1]):
        start -= 1
    diff = compare(wanted, line[start:end])
    # Just short of 1: the words may all be there, yet not one of them in its place.
    return _Place(para, Span(start, end), diff, name_differences(diff) or ("a cut word",), likeness * 0.99)


def _is_mark(character: str) -> bool:
    return not character.isalnum() and not character.isspace() and character not in '"“”«»„‹›「」『』'
