"""The records of a briefing: typed, frozen, and the one definition of the YAML's schema.

What a field means stands in its ``Meta``, which the JSON Schemas and the editor's hover repeat.
A field that names other records is typed with `refers_to`, from which `links` reads the graph.

Annotations are values here, not texts (no ``from __future__ import annotations``): whoever decodes
records asks for them, and evaluating their texts each time would cost every start 10 ms.
"""

from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, Struct, field

from briefing.model.ref import REFERENCE_PATTERN, SLUG_MAX, SLUG_PATTERN
from briefing.model.vocabulary import (
    Act,
    ActorKind,
    ByStatus,
    Confidence,
    IncidentStatus,
    IncidentType,
    Kind,
    Likelihood,
    Medium,
    PlacePrecision,
    PositionStatus,
    QuoteForm,
    Reliability,
    SourceKind,
    Stance,
    Tlp,
)
from briefing.model.when import DateText, When, parse_date

REFERS_TO = "refers_to"
# More than there are lines or people; beyond 64 bits no store could keep a number.
COUNT_MAX = 10**10


def _reference(kind: Kind | None) -> Any:
    """The annotation of a field that names a record of KIND (None: of any kind, so KIND/ID)."""
    what = f"the id of {kind.plural}" if kind else "KIND/ID of any record"
    return Meta(pattern=REFERENCE_PATTERN, description=f"A reference: {what}.", extra={REFERS_TO: kind})


Id = Annotated[
    str,
    Meta(
        pattern=SLUG_PATTERN,
        max_length=SLUG_MAX,
        description="Names the record: lower-case words joined by hyphens; unique in its kind, never reused.",
        examples=["kataib-hezbollah"],
    ),
]
Text = Annotated[str, Meta(min_length=1)]
Lang = Annotated[
    str,
    Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]+)*$", description="BCP 47 language tag.", examples=["ar", "fa"]),
]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code.", examples=["IQ"])]

ActorId = Annotated[str, _reference(Kind.ACTOR)]
IssueId = Annotated[str, _reference(Kind.ISSUE)]
PositionId = Annotated[str, _reference(Kind.POSITION)]
IncidentId = Annotated[str, _reference(Kind.INCIDENT)]
QuoteId = Annotated[str, _reference(Kind.QUOTE)]
SourceId = Annotated[str, _reference(Kind.SOURCE)]
AnyId = Annotated[str, _reference(None)]
# Fields that may name several records take one id or a list; read them with `many`.
Actors = ActorId | tuple[ActorId, ...]
Quotes = QuoteId | tuple[QuoteId, ...]
Incidents = IncidentId | tuple[IncidentId, ...]
Anything = AnyId | tuple[AnyId, ...]


def many(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """The references of a field that takes one or a list."""
    return (value,) if isinstance(value, str) else value


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What records are made of; every unknown key is an error, every default stays unwritten."""


class Locator(_Part, frozen=True, kw_only=True):
    """Where in a source a record comes from."""

    source: SourceId
    para: (
        Annotated[
            int, Meta(ge=1, le=COUNT_MAX, description="Line of the source's text file, counted from 1.")
        ]
        | None
    ) = None
    text: Annotated[str, Meta(min_length=1, description="The span, verbatim.")] | None = None


class Retraction(_Part, frozen=True, kw_only=True):
    """Why a record no longer holds; retracted records are kept, never deleted."""

    date: Annotated[DateText, Meta(description="When it was retracted.")]
    why: Annotated[Text, Meta(description="Why it no longer holds.", examples=["misattributed"])]

    def __post_init__(self) -> None:
        parse_date(self.date)


class ForeignText(_Part, frozen=True, kw_only=True):
    """Words in their own script."""

    text: Annotated[Text, Meta(description="The words in their own script.")]
    lang: Lang


class Alias(_Part, frozen=True, kw_only=True):
    """Another name of an actor or issue."""

    text: Annotated[Text, Meta(description="The name.")]
    lang: Lang | None = None
    kind: Annotated[
        str | None,
        Meta(
            description="What sort of name it is.",
            examples=["spelling", "short", "translation", "acronym", "former"],
        ),
    ] = None


class Role(_Part, frozen=True, kw_only=True):
    """An office or post an actor holds or held."""

    title: Annotated[Text, Meta(description="What the office is called.", examples=["secretary-general"])]
    of: Annotated[ActorId | None, Meta(description="The actor whose office it is.")] = None
    since: Annotated[DateText | None, Meta(description="Since when.")] = field(default=None, name="from")
    to: Annotated[DateText | None, Meta(description="Until when.")] = None
    former: Annotated[bool, Meta(description="True when it ended, and no date is known.")] = False

    def __post_init__(self) -> None:
        for date in (self.since, self.to):
            if date is not None:
                parse_date(date)


class Alignment(_Part, frozen=True, kw_only=True):
    """An actor with whom another sides, and how."""

    actor: Annotated[ActorId, Meta(description="With whom it sides.")]
    how: Annotated[Text | None, Meta(description="In which way.", examples=["backed by Iran"])] = None


class Place(_Part, frozen=True, kw_only=True):
    """Where something was, and how exactly that is known."""

    name: Annotated[Text, Meta(description="The place as the source names it.", examples=["Erbil"])]
    precision: Annotated[PlacePrecision, Meta(description="How exactly the place is known.")] = (
        PlacePrecision.NONE
    )
    country: Country | None = None
    lat: Annotated[float, Meta(ge=-90, le=90, description="Degrees north, WGS 84.")] | None = None
    lon: Annotated[float, Meta(ge=-180, le=180, description="Degrees east, WGS 84.")] | None = None
    coords_from: Annotated[
        str | None,
        Meta(description="Who gives the coordinates: a gazetteer or a source.", examples=["GeoNames 94824"]),
    ] = None


class Toll(_Part, frozen=True, kw_only=True):
    """How many people: the lowest and highest figures reported and the best estimate."""

    low: Annotated[int, Meta(ge=0, le=COUNT_MAX, description="The lowest figure reported.")] | None = None
    best: Annotated[int, Meta(ge=0, le=COUNT_MAX, description="The best estimate.")] | None = None
    high: Annotated[int, Meta(ge=0, le=COUNT_MAX, description="The highest figure reported.")] | None = None

    def __post_init__(self) -> None:
        known = [n for n in (self.low, self.best, self.high) if n is not None]
        if not known:
            raise ValueError("give at least one of low, best and high")
        if known != sorted(known):
            raise ValueError("low, best and high must not fall")


class Judgement(_Part, frozen=True, kw_only=True):
    """What the editors conclude, and the records it rests on."""

    text: Annotated[Text, Meta(description="What the editors conclude, in a sentence.")]
    likelihood: Annotated[Likelihood | None, Meta(description="How probable it is (ICD 203).")] = None
    confidence: Annotated[
        Confidence | None, Meta(description="How sure its authors are; not beside a likelihood (ICD 203).")
    ] = None
    basis: Annotated[tuple[AnyId, ...], Meta(description="The records it rests on, as KIND/ID.")] = ()


class Record(_Part, frozen=True, kw_only=True):
    """What every record has."""

    KIND: ClassVar[Kind]

    id: Id
    tags: Annotated[
        tuple[Id, ...], Meta(description="Words by which readers find it.", examples=[["energy", "airspace"]])
    ] = ()
    note: Annotated[str | None, Meta(description="A remark of the editors.")] = None
    confidence: Annotated[Confidence | None, Meta(description="How sure the editors are of the record.")] = (
        None
    )
    retracted: Annotated[
        Retraction | None, Meta(description="Set when it no longer holds; records are never deleted.")
    ] = None
    sources: Annotated[
        tuple[Locator, ...], Meta(description="Where it comes from: source, paragraph, verbatim span.")
    ] = ()
    formerly: Annotated[tuple[Id, ...], Meta(description="Ids it had before; never used again.")] = ()


class Briefing(_Part, frozen=True, kw_only=True):
    """One question about a developing story, answered from the records beside it."""

    KIND: ClassVar[Kind] = Kind.BRIEFING

    schema: Annotated[Literal[1], Meta(description="Version of the format.")]
    id: Id
    title: Annotated[Text, Meta(description="A few words for lists and tabs.")]
    question: Annotated[
        Text,
        Meta(
            description="The one question that it answers.",
            examples=["Will Iraqi militias join the Iran-Israel conflict?"],
        ),
    ]
    as_of: Annotated[DateText, Meta(description="The day whose knowledge it gives.")]
    summary: Annotated[Text | None, Meta(description="The answer in three to six sentences.")] = None
    window: Annotated[
        DateText | None,
        Meta(
            description="The days it covers; dates outside are reported.", examples=["2025-06-13/2025-06-17"]
        ),
    ] = None
    authors: Annotated[tuple[Text, ...], Meta(description="Who wrote it.")] = ()
    tlp: Annotated[Tlp, Meta(description="To whom it may be passed on (Traffic Light Protocol 2.0).")] = (
        Tlp.CLEAR
    )
    judgements: Annotated[tuple[Judgement, ...], Meta(description="What the editors conclude.")] = ()

    def __post_init__(self) -> None:
        parse_date(self.as_of)
        if self.window is not None:
            parse_date(self.window)


class Actor(Record, frozen=True, kw_only=True):
    """Somebody who speaks, acts, is addressed, targeted or invoked."""

    KIND: ClassVar[Kind] = Kind.ACTOR

    name: Annotated[
        Text, Meta(description="The name by which readers are to know it.", examples=["Kataib Hezbollah"])
    ]
    kind: Annotated[ActorKind, Meta(description="What sort of actor it is.")]
    aliases: Annotated[
        tuple[Text | Alias, ...], Meta(description="Other names and spellings a reader may type.")
    ] = ()
    name_original: Annotated[ForeignText | None, Meta(description="The name in its own script.")] = None
    role: Annotated[str | None, Meta(description="What the actor is, in a few words.")] = None
    roles: Annotated[tuple[Role, ...], Meta(description="Offices it holds or held.")] = ()
    member_of: Annotated[Actors, Meta(description="What it is a part of.")] = ()
    aligned_with: Annotated[tuple[Alignment, ...], Meta(description="With whom it sides, and how.")] = ()
    country: Country | None = None
    wikidata: (
        Annotated[str, Meta(pattern="^Q[1-9][0-9]*$", description="Its item in Wikidata.", examples=["Q796"])]
        | None
    ) = None
    anonymous: Annotated[bool, Meta(description="The source withholds the name.")] = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by: its own, the original script's, the aliases."""
        original = () if self.name_original is None else (self.name_original.text,)
        return (self.name, *original, *alias_texts(self.aliases))


class Issue(Record, frozen=True, kw_only=True):
    """A question one can support or oppose, on which positions are compared."""

    KIND: ClassVar[Kind] = Kind.ISSUE

    question: Annotated[
        Text,
        Meta(description="Something one can support or oppose.", examples=["Should Iraq enter the war?"]),
    ]
    aliases: Annotated[tuple[Text | Alias, ...], Meta(description="Other words a reader may type.")] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.question, *alias_texts(self.aliases))


class Position(Record, frozen=True, kw_only=True):
    """Where an actor stands on an issue, and by which act that became known."""

    KIND: ClassVar[Kind] = Kind.POSITION

    actor: Annotated[ActorId, Meta(description="Whose position it is.")]
    issue: Annotated[IssueId, Meta(description="On which issue.")]
    stance: Annotated[Stance, Meta(description="From support to opposition.")]
    act: Annotated[Act, Meta(description="What the actor did in taking it.")]
    summary: Annotated[Text, Meta(description="The position in the editors' own words.")]
    when: Annotated[When, Meta(description="When it was taken.")]
    sources: Annotated[
        tuple[Locator, ...], Meta(description="Where it comes from: source, paragraph, verbatim span.")
    ]
    target: Annotated[Actors, Meta(description="At whom the act is directed.")] = ()
    condition: Annotated[str | None, Meta(description="Under which condition it holds.")] = None
    on_behalf_of: Annotated[Actors, Meta(description="For whom the actor speaks.")] = ()
    attributed_by: Annotated[Actors, Meta(description="Who claims that the actor holds it.")] = ()
    status: Annotated[PositionStatus, Meta(description="How it reached the source.")] = PositionStatus.STATED
    quotes: Annotated[Quotes, Meta(description="The quotes it rests on.")] = ()
    supersedes: Annotated[PositionId | None, Meta(description="The earlier position that it replaces.")] = (
        None
    )


class Incident(Record, frozen=True, kw_only=True):
    """Something that happened, is said to have happened, or is planned."""

    KIND: ClassVar[Kind] = Kind.INCIDENT

    title: Annotated[Text, Meta(description="What happened, in a few words.")]
    type: Annotated[IncidentType, Meta(description="What sort of event it is.")]
    when: Annotated[When, Meta(description="When it happened.")]
    place: Annotated[Place, Meta(description="Where it happened.")]
    status: Annotated[IncidentStatus, Meta(description="How certain it is that it happened.")]
    sources: Annotated[
        tuple[Locator, ...], Meta(description="Where it comes from: source, paragraph, verbatim span.")
    ]
    by_status: Annotated[
        ByStatus | None, Meta(description="How certain it is who did it; required where force is used.")
    ] = None
    summary: Annotated[Text | None, Meta(description="What is known, in the editors' own words.")] = None
    by: Annotated[Actors, Meta(description="Who did it; empty while by_status is unknown.")] = ()
    target: Annotated[Actors, Meta(description="At whom it was directed.")] = ()
    intercepted_by: Annotated[Actors, Meta(description="Who stopped it.")] = ()
    claimed_by: Annotated[Actors, Meta(description="Who says to have done it.")] = ()
    denied_by: Annotated[Actors, Meta(description="Who denies having done it.")] = ()
    weapon: Annotated[str | None, Meta(description="What was used.", examples=["explosive drone"])] = None
    outcome: Annotated[str | None, Meta(description="What came of it.", examples=["intercepted"])] = None
    deaths: Annotated[Toll | None, Meta(description="How many died.")] = None
    injured: Annotated[Toll | None, Meta(description="How many were injured.")] = None
    reported_by: Annotated[Actors, Meta(description="Who reports it.")] = ()
    related: Annotated[Incidents, Meta(description="Other incidents it belongs with.")] = ()
    quotes: Annotated[Quotes, Meta(description="The quotes about it.")] = ()


class Quote(Record, frozen=True, kw_only=True):
    """Words somebody said or wrote, verbatim, without the quotation marks."""

    KIND: ClassVar[Kind] = Kind.QUOTE

    speaker: Annotated[ActorId, Meta(description="Who said or wrote it.")]
    text: Annotated[str, Meta(min_length=1, description="Verbatim, quotation marks excluded.")]
    form: Annotated[QuoteForm, Meta(description="A whole sentence, or words set in another.")]
    when: Annotated[When, Meta(description="When it was said.")]
    medium: Annotated[Medium, Meta(description="How it was said.")]
    sources: Annotated[tuple[Locator, ...], Meta(description="Where it stands: source and paragraph.")]
    utterance: Annotated[
        Id | None, Meta(description="Shared by the parts of one utterance that a 'said X' breaks.")
    ] = None
    seq: (
        Annotated[int, Meta(ge=1, le=COUNT_MAX, description="Which part of the utterance this is.")] | None
    ) = None
    role: Annotated[str | None, Meta(description="The speaker's role when saying it.")] = None
    attribution: Annotated[str | None, Meta(description="How the source attributes it.")] = None
    via: Annotated[Actors, Meta(description="Who passed the words on.")] = ()
    to: Annotated[Actors, Meta(description="To whom they were said.")] = ()
    original: Annotated[
        ForeignText | None, Meta(description="The words as they were said, where the text is a translation.")
    ] = None
    translation: Annotated[str | None, Meta(description="Who translated it.")] = None
    about: Annotated[Anything, Meta(description="What it is about, as KIND/ID.")] = ()


class Source(Record, frozen=True, kw_only=True):
    """What the records rest on."""

    KIND: ClassVar[Kind] = Kind.SOURCE

    kind: Annotated[SourceKind, Meta(description="What sort of source it is.")]
    title: Annotated[Text, Meta(description="Its title or headline.")]
    outlet: Annotated[str | None, Meta(description="Who published it.", examples=["Iraqi News Agency"])] = (
        None
    )
    by: Annotated[str | None, Meta(description="Who wrote it.")] = None
    url: Annotated[str, Meta(pattern="^https?://", description="Its address.")] | None = None
    published: Annotated[DateText | None, Meta(description="When it was published.")] = None
    lang: Lang | None = None
    file: Annotated[str | None, Meta(description="Name of its text file under texts/.")] = None
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="Of the text file.")] | None = None
    skip_lines: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=COUNT_MAX)], ...],
        Meta(description="Lines of the file that are not the source's text."),
    ] = ()
    reliability: Annotated[
        Reliability | None, Meta(description="How reliable it has been (Admiralty code).")
    ] = None
    rights: Annotated[str | None, Meta(description="Whose it is, and what may be done with it.")] = None

    def __post_init__(self) -> None:
        if self.published is not None:
            parse_date(self.published)


AnyRecord = Actor | Issue | Position | Incident | Quote | Source
RECORDS: dict[Kind, type[AnyRecord]] = {
    Kind.ACTOR: Actor,
    Kind.ISSUE: Issue,
    Kind.POSITION: Position,
    Kind.INCIDENT: Incident,
    Kind.QUOTE: Quote,
    Kind.SOURCE: Source,
}

# With the briefing, which is a record of its own file and stands in no list.
TYPES: dict[Kind, type[AnyRecord | Briefing]] = {Kind.BRIEFING: Briefing, **RECORDS}


def alias_texts(aliases: tuple[str | Alias, ...]) -> tuple[str, ...]:
    return tuple(alias if isinstance(alias, str) else alias.text for alias in aliases)
