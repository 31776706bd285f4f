"""The files of a new briefing, with comments that teach: each shows a record that can be uncommented."""

from __future__ import annotations

import datetime as dt

from briefing.model.vocabulary import Kind

_BRIEFING = """\
# One question, and the answer for those who read no further. `briefing check` tells what is wrong anywhere,
# `briefing check --explain CODE` what a code means.

schema: 1
id: {id}                 # the folder's name; refs begin with it
title: {title}
question: What is the one question that this briefing answers?
as_of: {day}            # the day whose knowledge it gives
# summary: >-
#   The answer in three to six sentences.
# window: {day}/{day}   # the days it covers; a date outside is reported
# judgements:                    # a likelihood or a confidence for each, never both (ICD 203)
#   - text: What the editors conclude.
#     likelihood: likely         # almost-no-chance ... almost-certain
#     basis: [position/p-example, incident/i-example]
"""

_LISTS: dict[Kind, tuple[str, str]] = {
    Kind.ACTOR: (
        "Everybody who speaks, acts, is addressed, targeted or invoked. Aliases are what readers may type.",
        """\
- id: example-ministry
  name: Ministry of Examples
  kind: government-body        # person, state, armed-group, party, coalition, media, ...
  aliases: [the ministry, MoE]
  name_original: {text: وزارة, lang: ar}
  role: the government's voice
  country: IQ
  sources: [{source: s-example, para: 2}]
""",
    ),
    Kind.ISSUE: (
        "Questions that one can support or oppose; positions are compared on them.",
        """\
- id: example-issue
  question: Should examples be given?
""",
    ),
    Kind.POSITION: (
        "Who stands where on an issue, and by which act that became known.",
        """\
- id: p-example
  actor: example-ministry
  issue: example-issue
  stance: supports             # strongly-supports ... strongly-opposes, unclear
  act: states                  # warns, threatens, demands, rejects, offers, ...
  summary: Wants examples to be given.
  when: {date: DAY, date_basis: stated}
  sources: [{source: s-example, para: 2}]
  quotes: q-example
""",
    ),
    Kind.INCIDENT: (
        "What happened. `status`: how certain that is; `by_status`: how certain who did it. Two questions.",
        """\
- id: i-example
  title: A meeting about examples
  type: meeting                # armed types, such as drone, need by_status
  when: {date_text: recently, undated: true}   # no source dates it, so neither do we
  place: {name: Baghdad, precision: city, country: IQ}
  status: reported             # confirmed, suspected, claimed, disputed, planned, ...
  sources: [{source: s-example, para: 3}]
""",
    ),
    Kind.QUOTE: (
        "Words that somebody said or wrote, verbatim to the character, without the quotation marks.",
        """\
- id: q-example
  speaker: example-ministry
  text: "Examples will be given."
  form: full                   # or fragment: words set in somebody else's sentence
  when: {date: DAY, date_basis: stated, date_text: today}
  medium: statement
  sources: [{source: s-example, para: 2}]      # the line of texts/s-example.txt, from 1
""",
    ),
    Kind.SOURCE: (
        "What everything rests on. With its text at hand, `briefing verify` compares every quote.",
        """\
- id: s-example
  kind: article
  title: The title of the article
  outlet: Who published it
  published: DAY
  lang: en
  reliability: F               # Admiralty code: A reliable ... E unreliable, F cannot be judged
""",
    ),
}


def new_files(name: str, today: dt.date) -> dict[Kind, str]:
    """The text of each file of a new briefing called NAME, without its modeline."""
    day = today.isoformat()
    title = name.replace("-", " ").capitalize()
    files = {Kind.BRIEFING: _BRIEFING.format(id=name, title=title, day=day)}
    for kind, (about, example) in _LISTS.items():
        shown = "".join(f"# {line}\n" for line in example.replace("DAY", day).splitlines())
        files[kind] = f"# {about}\n# For example (put it in the place of []):\n#\n{shown}\n[]\n"
    return files
