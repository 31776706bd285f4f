"""Queries of every form, and a small library in which all of them find something."""

from __future__ import annotations

from hypothesis import strategies as st

from briefing.edition.hits import Hits
from briefing.edition.query.fields import FIELDS, FieldSpec, Sort
from briefing.edition.query.tree import And, Field, Node, Not, Or, Phrase, Word

NAMES = (
    "maliki", "Nouri al-Maliki", "hezbollah", "Popular Mobilization", "el-Sudani", "السوداني", "bases",
    "wire", "Gulf Post", "us", "zqxj", "hamidavi", "ul maliki", "a",
)  # fmt: skip
# No article alone: "al" is a word then, and "al maliki" finds more, as no article need stand there.
WORDS = (
    *NAMES, "drone", "attacked", "defense", "us-led", "Iraq's", "Kata'ib", "q-1", "east/quote/q-1", "12:30",
    "don't", "é", "5", "حزب‌الله", "the", "or", "and", "-", "=maliki", "+", "e", "al maliki",
    "cease-fire", "ceasefire", "cease", "U.S.", "airstrikes", "strike",
)  # fmt: skip
IDS = ("maliki", "pmf", "east/actor/maliki", "_shared/actor/us", "bases", "wire", "west/source/wire", "none")
WRITTEN = {
    "place": ("erbil", "arbil", "Ain al-Asad", "=Erbil", "=Camp  Speicher ", "speicher", "camp", "el-asad"),
    "country": ("IQ", "iq", "US", "united states", "zz"),
    "tag": ("energy", "Two Words", "two", "none"),
    "briefing": ("east", "we", "West of here", "here", "none"),
    "text": WORDS,
}
DATES = ("2025", "2025-06", "2025-06-13", "2024-02-29", "2025-06-13/2025-06-15", "0001", "9999-12-31", "2026")
COUNTS = ("0", "1", "3", "12", "999999999", "10000000000", "18446744073709551616")

LIBRARY = {
    "_shared/actors.yaml": """
  - {id: us, name: United States, kind: state, aliases: [US, America], country: US}
  - {id: pmf, name: Popular Mobilization Forces, kind: armed-group, country: IQ, tags: [two-words]}
    """,
    "east/actors.yaml": """
  - {id: maliki, name: Nouri al-Maliki, kind: person, aliases: [Nuri Kamel], country: IQ, tags: [energy]}
  - {id: kataib, name: Kata'ib Hezbollah, kind: armed-group, member_of: pmf}
  - {id: hamidawi, name: Abu Hussein al-Hamidawi, kind: person, member_of: kataib}
  - {id: us, country: US, role: ally}
  - {id: pmf, name: Popular Mobilization, kind: armed-group}
    """,
    "east/issues.yaml": "- {id: bases, question: Should foreign bases close?, aliases: [the bases]}\n",
    "east/sources.yaml": """
  - {id: wire, kind: article, title: A report, outlet: Gulf Post, published: 2025-06-16}
    """,
    "east/quotes.yaml": """
  - {id: q-1, speaker: hamidawi, to: us, about: [issue/bases], text: We attack the bases by drone at 12:30,
     form: full, medium: speech, when: {date: 2025-06-13, date_basis: stated}, tags: [energy],
     sources: [{source: wire, para: 1}]}
  - {id: q-2, speaker: maliki, text: Iraq's defence won't be attacked, form: fragment, medium: interview,
     when: {date: 2025-06, date_basis: inferred}, sources: [{source: wire, para: 2, text: Iraq's defence}]}
  - {id: q-3, speaker: maliki, text: قال السوداني, form: full, medium: rally, when: {undated: true},
     sources: [{source: wire, para: 3}], retracted: {date: 2025-06-17, why: An error}}
    """,
    "east/positions.yaml": """
  - {id: p-1, actor: maliki, issue: bases, stance: opposes, act: rejects, summary: Rejects US-led bases,
     target: us, when: {date: 2025-06-13/2025-06-15, date_basis: reported},
     sources: [{source: wire, para: 1}]}
  - {id: p-2, actor: kataib, issue: bases, stance: supports, act: warns,
     summary: Warns of air strikes, status: claimed, when: {date: 2025, date_basis: stated},
     sources: [{source: wire, para: 1}]}
    """,
    "east/incidents.yaml": """
  - {id: i-1, title: A drone attacks, type: drone, when: {date: 2025-06-13, date_basis: stated}, by: kataib,
     place: {name: Erbil, precision: city, country: IQ}, status: reported, by_status: claimed, target: us,
     deaths: {best: 3}, injured: {low: 10, high: 20}, sources: [{source: wire, para: 1}]}
  - {id: i-2, title: A cease-fire session, type: session, when: {date: 2025-06-16, date_basis: stated},
     place: {name: 'Camp "Speicher"', precision: site}, status: planned, deaths: {low: 0},
     sources: [{source: wire, para: 1}]}
  - {id: i-3, title: Debris falls, type: debris, by_status: unknown, when: {undated: true}, tags: [two-words],
     place: {name: Ain al-Asad, precision: site, country: IQ}, status: suspected,
     deaths: {best: 10000000000}, sources: [{source: wire, para: 1}]}
    """,
    "west/briefing.yaml": """
  schema: 1
  id: west
  title: West of here
  question: Who is there?
  as_of: 2025-07-01
    """,
    "west/actors.yaml": """
  - {id: maliki, name: Sami Maliki, kind: person}
  - {id: sudani, name: Mohammed al-Sudani, kind: person, name_original: {text: محمد السوداني, lang: ar}}
  - {id: witness, name: A witness, kind: unnamed-source, anonymous: true}
    """,
    "west/sources.yaml": "- {id: wire, kind: statement, title: Of the maliki family}\n",
    "west/quotes.yaml": """
  - {id: q-1, speaker: sudani, to: [us, pmf], text: The U.S. ceasefire is far, form: full, medium: speech,
     when: {date: 0001-01-01, date_basis: stated}, sources: [{source: wire, para: 1}]}
  - {id: q-2, speaker: witness, text: It is late, form: full, medium: told-media,
     when: {date: 9999-12-31, date_basis: stated}, sources: [{source: wire, para: 1}]}
    """,
}  # fmt: skip


def _value(spec: FieldSpec) -> st.SearchStrategy[str]:
    match spec.sort:
        case Sort.CHOICE:
            words = st.sampled_from(spec.choices)
            return words | words.map(lambda word: f"{word}s") | words.map(lambda word: word.replace("-", " "))
        case Sort.NAME:
            return st.sampled_from(NAMES) | st.sampled_from(IDS).map("={}".format)
        case Sort.DATE if spec.name == "date":
            return _compared(DATES)
        case Sort.DATE:
            return st.sampled_from(DATES)
        case Sort.COUNT:
            return _compared(COUNTS)
    return st.sampled_from(WRITTEN[spec.name])


def _compared(values: tuple[str, ...]) -> st.SearchStrategy[str]:
    """One of VALUES behind a sign, or a range of two."""
    value, sign = st.sampled_from(values), st.sampled_from(("", "=", ">", ">=", "<", "<="))
    end = value | st.just("")
    return st.builds(str.__add__, sign, value) | st.builds("{}..{}".format, end, end)


def _field(spec: FieldSpec) -> st.SearchStrategy[Field]:
    quoted = st.booleans()
    more = st.booleans() if spec.more else st.just(False)
    return st.builds(Field, st.just(spec.name), _value(spec), quoted, st.booleans(), more)


def fields() -> st.SearchStrategy[Node]:
    """Every field with every form of its value."""
    return st.sampled_from(list(FIELDS.values())).flatmap(_field)


def leaves() -> st.SearchStrategy[Node]:
    words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    return st.one_of(
        st.builds(Word, st.sampled_from(WORDS), st.booleans()),
        st.builds(Phrase, words, st.booleans()),
        fields(),
    )


def trees() -> st.SearchStrategy[Node]:
    """Leaves in groups, negated and joined, in each other."""
    return st.recursive(
        leaves(),
        lambda node: st.one_of(
            node.map(Not),
            st.lists(node, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
            st.lists(node, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        ),
        max_leaves=6,
    )


def refs(hits: Hits) -> list[str]:
    return [hit.entry.ref.short for hit in hits.ranked(0, hits.total)]
