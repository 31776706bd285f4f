"""The closed vocabularies of a briefing: every word a field may hold.

The words follow the codebooks of the field (ACLED and UCDP for events, STIX 2.1 and
FollowTheMoney for actors, ICD 203 for likelihoods, the Admiralty code for reliability),
spelled in lower case with hyphens so that they are YAML plain scalars.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Which of the records one is; also the middle part of a ref."""

    BRIEFING = "briefing"
    ACTOR = "actor"
    ISSUE = "issue"
    POSITION = "position"
    INCIDENT = "incident"
    QUOTE = "quote"
    SOURCE = "source"

    @property
    def plural(self) -> str:
        """The name of the list of them: ``actors``, also the stem of its file."""
        return f"{self.value}s"


class Confidence(StrEnum):
    """How sure the editors are (ICD 203, analytic confidence)."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Likelihood(StrEnum):
    """How probable a judgement is (ICD 203, terms of likelihood)."""

    ALMOST_NO_CHANCE = "almost-no-chance"
    VERY_UNLIKELY = "very-unlikely"
    UNLIKELY = "unlikely"
    ROUGHLY_EVEN_CHANCE = "roughly-even-chance"
    LIKELY = "likely"
    VERY_LIKELY = "very-likely"
    ALMOST_CERTAIN = "almost-certain"


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0: to whom a briefing may be passed on."""

    CLEAR = "clear"
    GREEN = "green"
    AMBER = "amber"
    AMBER_STRICT = "amber+strict"
    RED = "red"


class DateBasis(StrEnum):
    """How a date is known: the source states it, it follows from something, or others report it."""

    STATED = "stated"
    INFERRED = "inferred"
    REPORTED = "reported"


class PlacePrecision(StrEnum):
    """How exactly a place is known (after ACLED's geo-precision)."""

    SITE = "site"
    NEAR_SITE = "near-site"
    CITY = "city"
    DISTRICT = "district"
    REGION = "region"
    COUNTRY = "country"
    NONE = "none"


class ActorKind(StrEnum):
    PERSON = "person"
    STATE = "state"
    GOVERNMENT_BODY = "government-body"
    ARMED_GROUP = "armed-group"
    PARTY = "party"
    COALITION = "coalition"
    ORGANISATION = "organisation"
    MEDIA = "media"
    COLLECTIVE = "collective"
    UNNAMED_SOURCE = "unnamed-source"


class Stance(StrEnum):
    """Where an actor stands on an issue, from support to opposition."""

    STRONGLY_SUPPORTS = "strongly-supports"
    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    OPPOSES = "opposes"
    STRONGLY_OPPOSES = "strongly-opposes"
    UNCLEAR = "unclear"


class Act(StrEnum):
    """What the actor did in taking a position (after CAMEO's verbal acts)."""

    STATES = "states"
    WARNS = "warns"
    THREATENS = "threatens"
    DEMANDS = "demands"
    URGES = "urges"
    APPEALS = "appeals"
    REJECTS = "rejects"
    CONDEMNS = "condemns"
    ACCUSES = "accuses"
    SUPPORTS = "supports"
    PRAISES = "praises"
    THANKS = "thanks"
    OFFERS = "offers"
    COMMITS = "commits"
    ORDERS = "orders"
    ASSERTS_RIGHT = "asserts-right"
    DENIES = "denies"


class PositionStatus(StrEnum):
    """How a position reached the source."""

    STATED = "stated"
    REPORTED = "reported"
    CLAIMED = "claimed"
    DENIED = "denied"


class IncidentType(StrEnum):
    AIR_STRIKE = "air-strike"
    MISSILE = "missile"
    DRONE = "drone"
    INTERCEPTION = "interception"
    AIRSPACE_VIOLATION = "airspace-violation"
    DEBRIS = "debris"
    ATTACK = "attack"
    ALERT = "alert"
    DEPLOYMENT = "deployment"
    MEETING = "meeting"
    CALL = "call"
    STATEMENT = "statement"
    SESSION = "session"
    PROTEST = "protest"
    OTHER = "other"

    @property
    def armed(self) -> bool:
        """Whether force is used, so that who did it must be said apart (``by_status``)."""
        return self in _ARMED


_ARMED = frozenset(
    {
        IncidentType.AIR_STRIKE,
        IncidentType.MISSILE,
        IncidentType.DRONE,
        IncidentType.INTERCEPTION,
        IncidentType.AIRSPACE_VIOLATION,
        IncidentType.DEBRIS,
        IncidentType.ATTACK,
    }
)


class IncidentStatus(StrEnum):
    """How certain it is that an incident happened."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    SUSPECTED = "suspected"
    CLAIMED = "claimed"
    DISPUTED = "disputed"
    DENIED = "denied"
    PLANNED = "planned"
    INFERRED = "inferred"
    CANCELLED = "cancelled"


class ByStatus(StrEnum):
    """How certain it is who did it; never the same question as whether it happened."""

    STATED = "stated"
    SUSPECTED = "suspected"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"


class QuoteForm(StrEnum):
    """A whole sentence or more, or words set in somebody else's sentence."""

    FULL = "full"
    FRAGMENT = "fragment"


class Medium(StrEnum):
    """How the words were said (after Popolo Speech)."""

    STATEMENT = "statement"
    PRESS_RELEASE = "press-release"
    INTERVIEW = "interview"
    RALLY = "rally"
    SPEECH = "speech"
    PHONE_CALL = "phone-call"
    TOLD_MEDIA = "told-media"
    SOCIAL_MEDIA = "social-media"
    DOCUMENT = "document"
    NOT_STATED = "not-stated"


class SourceKind(StrEnum):
    ARTICLE = "article"
    STATEMENT = "statement"
    REPORT = "report"
    DOCUMENT = "document"
    INTERVIEW = "interview"
    BROADCAST = "broadcast"
    SOCIAL_MEDIA = "social-media"
    DATASET = "dataset"
    OTHER = "other"


class Reliability(StrEnum):
    """How reliable a source has been (Admiralty code, first letter)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"
