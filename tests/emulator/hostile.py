"""A library in which every text that an author may write wants to command, reorder or hide what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

# Each may stand anywhere; none of them is ever to reach a terminal.
PIECES: Final = (
    "\x1b]0;OWNED\a",  # the title
    "\x1b]52;c;T1dORUQ=\a",  # the clipboard
    "\x1b]8;;file:///etc/passwd\x1b\\here\x1b]8;;\x1b\\",  # a link
    "\x1b[2J\x1b[H",  # everything erased
    "\x1b[?1049l\x1b[?25h\x1b[?1000h",  # the other screen, the cursor, the mouse
    "\x1b[2;5r",  # lines that scroll
    "\x1b[1;5;31;53m",  # a look that blinks
    "\x1b[6n\x1b[c\x1bZ",  # questions, whose answers would be typed
    "\x1bP+q544e\x1b\\",  # DCS
    "\x1b_Ga=T,f=24;AAAA\x1b\\",  # APC: a picture
    "\x1b^private\x1b\\\x1bXstring\x1b\\",  # PM and SOS
    "\x1bc\x1b#8\x1b(0\x0e",  # a reset, a screen of E, line drawing
    "\r\b\b\b\v\f\x07\x7f\x05",  # C0, and DEL
    "\x9b2J\x9d0;OWNED\x9c\x90q\x9c\x84\x8d",  # C1
    "\u202eright to left\u202c",  # an override
    "\u2067never closed",  # an isolate
    "closed before\u2069",
    "\u200e\u200f\u061c\u202a",  # marks and embeddings
    "\U000e0041\U000e0042\U000e007f",  # tags
    "zero\u200bwidth\ufeff\u2060\u00ad",
    "a\u200db\u200cc",  # joiners where nothing joins
    "e" + "\u0301" * 40,  # a smear over other lines
    "fill\u3164\uffa0\u115f",  # blanks that are letters
    "[red]x[/]",  # what Rich and Textual read as markup
    "[@click=app.quit]press[/]",
    "[link=javascript:alert(1)]see[/link]",
    "[/nothing][$error]\\[",
    ":skull: {0} %s %(x)s $HOME `id`",
    "javascript:alert(1)",
    "| a | <b>b</b> <!-- ![x](http://x.example/)",  # Markdown
    "\u2028::error::line\u2029",  # a workflow's command on a line of its own
)
# What stands for them; what is shown of a hostile text holds some of these.
STAND_INS: Final = ("␛", "⟨U+", "␇", "␍", "⟨…⟩", "[red]", "[@click", "[link=", "[/nothing]", ":skull:")
BRIEFING: Final = "hostile-story"
EXAMPLE = "\x1b]0;OWNED\a"


class _Texts:
    """Hostile texts, each beginning with another piece and holding all of them."""

    def __init__(self) -> None:
        self._turn = 0

    def __call__(self, word: str, *, least: bool = False) -> str:
        """A text that says WORD; the LEAST holds few pieces, for what is short."""
        self._turn += 1
        turned = PIECES[self._turn % len(PIECES) :] + PIECES[: self._turn % len(PIECES)]
        return " ".join([word, *(turned[:2] if least else turned)])


def write_library(folder: Path) -> None:
    """Write a library of two briefings to FOLDER, with sound records and broken ones."""
    text = _Texts()
    for name, title in ((BRIEFING, "Alpha"), ("second-story", "Omega")):
        story = folder / name
        story.mkdir(parents=True)
        _write(story / "briefing.yaml", _briefing(name, title, text))
    story = folder / BRIEFING
    for kind, records in _records(text).items():
        _write(story / f"{kind}.yaml", records)
    texts = story / "texts"
    texts.mkdir()
    source = "".join(f"{text('Paragraph')} “{text('Sentence')}”\n" for _ in range(4))
    (texts / "article.txt").write_text(source, encoding="utf-8")
    _write_broken(story, text)


def _write(path: Path, tree: Any) -> None:
    path.write_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=10_000), encoding="utf-8")


def _briefing(name: str, title: str, text: _Texts) -> dict[str, Any]:
    return {
        "schema": 1,
        "id": name,
        "title": text(title),
        "question": text("Question"),
        "as_of": "2025-06-16",
        "summary": text("Summary"),
        "window": "2025-06-13/2025-06-17",
        "authors": [text("Author")],
        "judgements": [{"text": text("Judgement"), "likelihood": "likely", "basis": ["quote/q-0"]}]
        if name == BRIEFING
        else [],
    }


def _records(text: _Texts) -> dict[str, list[dict[str, Any]]]:
    """Enough records of each kind that each piece begins the title of one."""
    numbers = range(len(PIECES))
    return {
        "actors": [_actor(number, text) for number in numbers],
        "issues": [
            {
                "id": f"i-{number}",
                "question": text("Issue"),
                "aliases": [text("Matter")],
                "note": text("Note"),
            }
            for number in range(3)
        ],
        "positions": [_position(number, text) for number in numbers],
        "incidents": [_incident(number, text) for number in numbers],
        "quotes": [_quote(number, text) for number in numbers],
        "sources": [_source(number, text) for number in range(3)],
    }


def _when(text: _Texts) -> dict[str, Any]:
    return {
        "date": "2025-06-14",
        "date_basis": "inferred",
        "date_text": text("day"),
        "time": text("early", least=True),
    }


def _locator(text: _Texts) -> list[dict[str, Any]]:
    return [{"source": "article", "para": 2, "text": text("Span")}]


def _actor(number: int, text: _Texts) -> dict[str, Any]:
    return {
        "id": f"a-{number}",
        "name": text("Person"),
        "kind": "person",
        "aliases": [text("Alias"), {"text": text("Other"), "lang": "en", "kind": text("spelling")}],
        "name_original": {"text": text("Original"), "lang": "ar"},
        "role": text("Role"),
        "roles": [{"title": text("Office"), "of": "a-0"}] if number else [],
        "aligned_with": [{"actor": "a-0", "how": text("Way")}] if number else [],
        "tags": ["tagged"],
        "note": text("Note"),
        "retracted": {"date": "2025-06-16", "why": text("Reason")},
        "sources": _locator(text),
    }


def _position(number: int, text: _Texts) -> dict[str, Any]:
    return {
        "id": f"p-{number}",
        "actor": f"a-{number}",
        "issue": "i-0",
        "stance": "supports",
        "act": "states",
        "summary": text("Stand"),
        "when": _when(text),
        "condition": text("Condition"),
        "quotes": [f"q-{number}"],
        "note": text("Note"),
        "sources": _locator(text),
    }


def _incident(number: int, text: _Texts) -> dict[str, Any]:
    return {
        "id": f"n-{number}",
        "title": text("Event"),
        "type": "drone",
        "when": _when(text),
        "place": {
            "name": text("Town"),
            "precision": "city",
            "country": "IQ",
            "lat": 36.19,
            "lon": 44.01,
            "coords_from": text("Gazetteer"),
        },
        "status": "reported",
        "by_status": "claimed",
        "by": f"a-{number}",
        "summary": text("Account"),
        "weapon": text("Weapon"),
        "outcome": text("Outcome"),
        "note": text("Note"),
        "sources": _locator(text),
    }


def _quote(number: int, text: _Texts) -> dict[str, Any]:
    return {
        "id": f"q-{number}",
        "speaker": f"a-{number}",
        "text": text("Words"),
        "form": "full",
        "when": _when(text),
        "medium": "statement",
        "role": text("Role"),
        "attribution": text("Attribution"),
        "original": {"text": text("Original"), "lang": "fa"},
        "translation": text("Translator"),
        "about": ["issue/i-0", f"incident/n-{number}"],
        "note": text("Note"),
        "sources": _locator(text),
    }


def _source(number: int, text: _Texts) -> dict[str, Any]:
    return {
        "id": f"article-{number}" if number else "article",
        "kind": "article",
        "title": text("Headline"),
        "outlet": text("Outlet"),
        "by": text("Writer"),
        "url": "https://example.org/" + text("path").replace(" ", ""),
        "file": "article.txt" if number == 0 else text("file", least=True).replace("/", "-"),
        "rights": text("Rights"),
        "note": text("Note"),
    }


def _write_broken(story: Path, text: _Texts) -> None:
    """What `check` has to speak of: broken records, and names of files and folders."""
    broken = [
        {"id": text("Id"), "name": text("Broken"), "kind": text("Kind"), "tags": [text("Tag")]},
        {"id": "b-1", "name": text("Broken"), "kind": "person", text("key"): text("value")},
        {"id": "b-2", "name": text("Broken"), "kind": "person", "wikidata": text("Q"), "country": text("IQ")},
        {"id": "b-3", "name": text("Broken"), "kind": "person", "member_of": text("reference")},
        {
            "id": "b-4",
            "name": text("Broken"),
            "kind": "person",
            "retracted": {"date": text("2025"), "why": "x"},
        },
        {"id": "b-5", "name": text("Broken"), "kind": "person", "roles": text("roles")},
        {"id": "b-6", "name": text("Broken"), "kind": "person", "anonymous": text("true")},
        text("no record"),
    ]
    for number, piece in enumerate(_names()):
        folder = story / ("actors" if number % 2 else "quotes")
        folder.mkdir(exist_ok=True)
        (folder / f"{piece}.yaml").write_text(f"- id: c-{number}\n  nmae: {piece}\n", encoding="utf-8")
        (story / f"{piece}.yaml").write_text("[]\n", encoding="utf-8")
        (folder / f"{piece}.txt").write_text("", encoding="utf-8")
        (story.parent / f"folder {piece}").mkdir()
        (story.parent / f"folder {piece}" / "briefing.yaml").write_text("schema: 1\n", encoding="utf-8")
    _write(story / "actors" / "broken.yaml", broken)
    sequences = "".join(f"- id: d-{number}\n  name: x{piece}\n" for number, piece in enumerate(PIECES))
    (story / "issues").mkdir()
    (story / "issues" / "raw.yaml").write_bytes(sequences.encode())
    tags = f"- !{EXAMPLE!a} &anchor id\n- {{a: *\u202ealias, <<: [b]}}\n- 'never closed\u202e\n"
    (story / "issues" / "syntax.yaml").write_text(tags, encoding="utf-8")


def _names() -> Iterator[str]:
    """Names of files: what holds no slash and is not too long."""
    return (piece for piece in PIECES if "/" not in piece and len(piece.encode()) < 200)
