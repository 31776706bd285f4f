"""Realistic libraries of any size, the same for the same seed.

``python -m benchmarks.generate FOLDER --records 100000``. Names, dates and words are drawn by Zipf's law
from pools; records name each other as real ones do, actors have aliases in other spellings and in Arabic
script, briefings differ in size, and some actors are shared. It is sound: `check` finds only what chance
brings, one name for two actors.
"""

# ruff: noqa: SIM905 (pools of words read better as text)
from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from pathlib import Path

from briefing.model.ref import SHARED
from briefing.model.vocabulary import (
    Act,
    ActorKind,
    IncidentStatus,
    IncidentType,
    Kind,
    Medium,
    PlacePrecision,
    Stance,
)

PER_FILE = 1000
# Of a briefing's records; the sources take what is left.
SHARES = {Kind.ACTOR: 0.05, Kind.ISSUE: 0.005, Kind.POSITION: 0.2, Kind.INCIDENT: 0.3, Kind.QUOTE: 0.37}
FIRST_DAY = dt.date(2023, 7, 1)
DAYS = 715

GIVEN = (
    "Ahmad:أحمد Ali:علي Hasan:حسن Husayn:حسين Mahmud:محمود Muhammad:محمد Mustafa:مصطفى Nasir:ناصر Nuri:نوري "
    "Omar:عمر Qasim:قاسم Rahim:رحيم Saad:سعد Salih:صالح Samir:سمير Tariq:طارق Walid:وليد Yusuf:يوسف "
    "Zaynab:زينب Maryam:مريم Layla:ليلى Fatima:فاطمة Karim:كريم Khalid:خالد Jamal:جمال Ibrahim:إبراهيم "
    "Faysal:فيصل Dawud:داود Bashir:بشير Adil:عادل"
).split()
FAMILY = (
    "Aziz:عزيز Baghdadi:بغدادي Basri:بصري Dulaymi:دليمي Fayyad:فياض Ghazali:غزالي Halbusi:حلبوسي Hakim:حكيم "
    "Jabburi:جبوري Janabi:جنابي Kaabi:كعبي Karbalai:كربلائي Khafaji:خفاجي Khazali:خزعلي Kubaysi:كبيسي "
    "Mandalawi:مندلاوي Mosuli:موصلي Muhandis:مهندس Najafi:نجفي Rubayi:ربيعي Saadi:سعدي Samarrai:سامرائي "
    "Shammari:شمري Tamimi:تميمي Tikriti:تكريتي Ubaydi:عبيدي Yasiri:ياسري Zubaydi:زبيدي Zurfi:زرفي Amiri:عامري"
).split()
GROUP_HEADS = (
    "Kataib:كتائب Harakat:حركة Liwa:لواء Saraya:سرايا Hizb:حزب Majlis:مجلس Ittihad:اتحاد Tahaluf:تحالف"
).split()
SPELLINGS = (("q", "k"), ("ay", "ei"), ("u", "ou"), ("i", "ee"), ("kh", "k"), ("gh", "g"), ("aa", "a"))
PLACES = (
    "Baghdad:33.31:44.36 Basra:30.51:47.78 Erbil:36.19:44.01 Mosul:36.34:43.13 Kirkuk:35.47:44.39 "
    "Najaf:32.0:44.33 Karbala:32.61:44.02 Ramadi:33.42:43.3 Fallujah:33.35:43.78 Samarra:34.2:43.87 "
    "Tikrit:34.6:43.68 Baqubah:33.75:44.64 Nasiriyah:31.04:46.26 Amarah:31.84:47.15 Hillah:32.48:44.43 "
    "Sulaymaniyah:35.56:45.43 Dohuk:36.87:42.99 Sinjar:36.32:41.86 Qaim:34.37:41.09 Rutba:33.04:40.28"
).split()
STATES = "IQ:Iraq IR:Iran IL:Israel US:United-States SY:Syria TR:Turkey SA:Saudi-Arabia JO:Jordan".split()
OUTLETS = "Gulf Dispatch;Levant Monitor;Tigris Post;Mesopotamia Wire;Desk Reports;Border Observer".split(";")
COMMON = (
    "the of to and in a that for on with by is was from said at as be has have will not are which their this "
    "after its had it but or an his over were against forces government attack security military group "
    "minister border talks drone officials region strike base statement council energy airspace missile "
    "parliament president army response troops convoy ceasefire sanctions embassy oil province leader "
    "militia meeting session agreement threat weapons civilians withdrawal escalation negotiations support "
    "condemned rejected warned urged demanded denied confirmed reported launched intercepted deployed closed "
    "crossing checkpoint airport road village district capital evacuation curfew protest election coalition"
).split()
SYLLABLES = "ba ke ri mo sha tu len dor vi sa qa ne hul mar tis ko zan per lit gra fon ude wes cal".split()


class Zipf:
    """Draws from POOL, each item half as often as the one of half its rank."""

    def __init__(self, rng: random.Random, pool: Sequence[str]) -> None:
        self._rng = rng
        self._pool = pool
        self._weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(pool))))

    def one(self) -> str:
        return self._pool[bisect(self._weights, self._rng.random() * self._weights[-1])]

    def some(self, count: int) -> list[str]:
        return self._rng.choices(self._pool, cum_weights=self._weights, k=count)


def generate(folder: Path, records: int, seed: int = 1) -> None:
    """Write a library of about RECORDS records (actors, issues, ... without the briefings) into FOLDER."""
    rng = random.Random(seed)
    words = Zipf(rng, [*COMMON, *_rare_words(rng, 30_000)])
    shared = _write_shared(folder / SHARED, rng, min(max(records // 100, 8), 300))
    briefings = max(2, min(200, records // 2500))
    sizes = [1 / (rank + 3) for rank in range(briefings)]
    for number, size in enumerate(sizes):
        count = max(10, round(records * size / sum(sizes)))
        _Briefing(folder / f"story-{number + 1:03}", rng, words, shared, count).write()


class _Briefing:
    """Writes one briefing of COUNT records."""

    def __init__(self, folder: Path, rng: random.Random, words: Zipf, shared: list[str], count: int) -> None:
        self._folder = folder
        self._rng = rng
        self._words = words
        self._counts = {kind: max(1, int(count * share)) for kind, share in SHARES.items()}
        self._counts[Kind.SOURCE] = max(1, count - sum(self._counts.values()))
        own = [f"actor-{number}" for number in range(self._counts[Kind.ACTOR])]
        # Groups that others belong to come first: Zipf makes them the much-named ones.
        self._groups = own[: max(1, len(own) // 4)]
        common = rng.sample(shared, min(len(shared), 12))
        self._actors = Zipf(rng, [*self._groups[:4], *common, *own[len(self._groups) :], *self._groups[4:]])
        self._sources = Zipf(rng, [f"source-{n}" for n in range(self._counts[Kind.SOURCE])])
        self._issues = Zipf(rng, [f"issue-{n}" for n in range(self._counts[Kind.ISSUE])])

    def write(self) -> None:
        self._folder.mkdir(parents=True)
        title = self._sentence(5)
        (self._folder / "briefing.yaml").write_text(
            f"schema: 1\nid: {self._folder.name}\ntitle: {title}\nquestion: {self._sentence(9)}?\n"
            f"as_of: {FIRST_DAY + dt.timedelta(DAYS + self._rng.randrange(30))}\n"
            f"summary: {self._sentence(40)}\n"
            f"judgements:\n  - text: {self._sentence(15)}\n    likelihood: likely\n"
            f"    basis: [incident/incident-0, quote/quote-0]\n"
        )
        for kind, make in (
            (Kind.ACTOR, self._own_actors()),
            (Kind.ISSUE, self._each(Kind.ISSUE, self._issue)),
            (Kind.POSITION, self._each(Kind.POSITION, self._position)),
            (Kind.INCIDENT, self._each(Kind.INCIDENT, self._incident)),
            (Kind.QUOTE, self._each(Kind.QUOTE, self._quote)),
            (Kind.SOURCE, self._each(Kind.SOURCE, self._source)),
        ):
            _write_list(self._folder, kind, make, self._counts[kind])

    def _each(self, kind: Kind, make: object) -> Iterator[str]:
        assert callable(make)
        for number in range(self._counts[kind]):
            yield make(number)

    def _own_actors(self) -> Iterator[str]:
        names: set[str] = set()
        for number in range(self._counts[Kind.ACTOR]):
            group = number < len(self._groups)
            entry = _group(self._rng, number, names) if group else _person(self._rng, number, names)
            if not group:
                entry += f"  member_of: {self._rng.choice(self._groups)}\n  role: {self._sentence(4)}\n"
            yield (
                entry
                + f"  sources: [{{source: {self._sources.one()}, para: {self._rng.randrange(1, 40)}}}]\n"
            )

    def _issue(self, number: int) -> str:
        return f"- id: issue-{number}\n  question: {self._sentence(8)}?\n  tags: [{self._slug()}]\n"

    def _position(self, number: int) -> str:
        quotes = self._counts[Kind.QUOTE]
        return (
            f"- id: position-{number}\n  actor: {self._actors.one()}\n  issue: {self._issues.one()}\n"
            f"  stance: {self._rng.choice(_STANCES)}\n  act: {self._rng.choice(_ACTS)}\n"
            f"  summary: {self._sentence(14)}\n  target: {self._actors.one()}\n"
            f"  quotes: [quote-{self._rng.randrange(quotes)}]\n{self._when()}{self._locators()}"
        )

    def _incident(self, number: int) -> str:
        type_ = self._rng.choice(_TYPES)
        place, lat, lon = self._rng.choice(PLACES).split(":")
        by = "by_status: suspected\n  " if type_.armed else ""
        toll = f"  deaths: {{low: 0, best: {number % 7}}}\n" if type_.armed and number % 3 == 0 else ""
        related = (
            f"  related: [incident-{self._rng.randrange(number)}]\n" if number > 9 and number % 4 == 0 else ""
        )
        return (
            f"- id: incident-{number}\n  title: {self._sentence(6)}\n  type: {type_}\n"
            f"  status: {self._rng.choice(_STATUSES)}\n  {by}by: {self._actors.one()}\n"
            f"  target: [{self._actors.one()}]\n  summary: {self._sentence(24)}\n{self._when(timed=True)}"
            f"  place: {{name: {place}, precision: {PlacePrecision.CITY}, country: IQ, lat: {lat},"
            f" lon: {lon}, coords_from: GeoNames}}\n{toll}{related}{self._locators()}"
        )

    def _quote(self, number: int) -> str:
        about = f"  about: incident/incident-{self._rng.randrange(self._counts[Kind.INCIDENT])}\n"
        form, length = ("fragment", 6) if number % 5 == 0 else ("full", 26)
        return (
            f"- id: quote-{number}\n  speaker: {self._actors.one()}\n"
            f'  text: "{self._sentence(length)}"\n  form: {form}\n  medium: {self._rng.choice(_MEDIA)}\n'
            f"{about if number % 2 else ''}{self._when()}{self._locators()}"
        )

    def _source(self, number: int) -> str:
        published = FIRST_DAY + dt.timedelta(self._rng.randrange(DAYS))
        return (
            f"- id: source-{number}\n  kind: article\n  title: {self._sentence(7)}\n"
            f"  outlet: {self._rng.choice(OUTLETS)}\n  url: https://example.org/{self._folder.name}/{number}\n"
            f"  published: {published}\n  lang: en\n  reliability: {self._rng.choice('ABCD')}\n"
        )

    def _when(self, *, timed: bool = False) -> str:
        draw = self._rng.random()
        # More happens towards the end of a story.
        day = FIRST_DAY + dt.timedelta(int(DAYS * self._rng.random() ** 0.6))
        if draw < 0.03:
            return "  when: {undated: true}\n"
        if draw < 0.06:
            return f"  when: {{date: {day:%Y-%m}, date_basis: reported}}\n"
        if draw < 0.2:
            return f'  when: {{date: {day}, date_basis: inferred, date_text: "On {day:%A}"}}\n'
        time = (
            f", time: {self._rng.randrange(24):02}:{self._rng.randrange(60):02}"
            if timed and draw < 0.6
            else ""
        )
        return f"  when: {{date: {day}, date_basis: stated{time}}}\n"

    def _locators(self) -> str:
        return f"  sources:\n    - {{source: {self._sources.one()}, para: {self._rng.randrange(1, 60)}}}\n"

    def _sentence(self, length: int) -> str:
        return " ".join(self._words.some(length)).capitalize()

    def _slug(self) -> str:
        return self._words.one()


def _person(rng: random.Random, number: int, used: set[str]) -> str:
    while True:
        first, middle, last = (rng.choice(pool).split(":") for pool in (GIVEN, GIVEN, FAMILY))
        name = f"{first[0]} {middle[0]} al-{last[0]}"
        if name in used or len(used) > 20_000:
            name += f" {_roman(number)}"
        if name not in used:
            break
    used.add(name)
    return _actor(number, name, ActorKind.PERSON, f"{first[1]} {middle[1]} ال{last[1]}", number % 3 == 0)


def _group(rng: random.Random, number: int, used: set[str]) -> str:
    while True:
        head, last = rng.choice(GROUP_HEADS).split(":"), rng.choice(FAMILY).split(":")
        name = f"{head[0]} {last[0]} {_roman(number)}"
        if name not in used:
            break
    used.add(name)
    kind = rng.choice(
        (ActorKind.ARMED_GROUP, ActorKind.PARTY, ActorKind.COALITION, ActorKind.GOVERNMENT_BODY)
    )
    return _actor(number, name, kind, f"{head[1]} {last[1]} {number}", arabic=True)


def _actor(number: int, name: str, kind: ActorKind, original: str, arabic: bool) -> str:
    script = f"  name_original: {{text: {original}, lang: ar}}\n" if arabic else ""
    other = name
    for usual, variant in SPELLINGS:
        if usual in other:
            other = other.replace(usual, variant)
            break
    aliases = f"  aliases: [{other}]\n" if other != name else ""
    return f"- id: actor-{number}\n  name: {name}\n  kind: {kind}\n{script}{aliases}"


def _roman(number: int) -> str:
    """NUMBER as a word that no other number has."""
    word = ""
    number += 1
    while number:
        number, digit = divmod(number, len(SYLLABLES))
        word += SYLLABLES[digit]
    return word.capitalize()


def _write_shared(folder: Path, rng: random.Random, count: int) -> list[str]:
    entries, ids, used = [], [], set[str]()
    for state in STATES:
        code, _, name = state.partition(":")
        ids.append(name.lower())
        entries.append(
            f"- id: {name.lower()}\n  name: {name.replace('-', ' ')}\n  kind: state\n  country: {code}\n"
        )
    for number in range(count - len(STATES)):
        ids.append(f"shared-{number}")
        entries.append(_group(rng, number, used).replace("- id: actor-", "- id: shared-", 1))
    _write_list(folder, Kind.ACTOR, iter(entries), len(entries))
    return ids


def _write_list(folder: Path, kind: Kind, entries: Iterator[str], count: int) -> None:
    """Write ENTRIES to one file, or to a folder of files when there are many."""
    folder.mkdir(parents=True, exist_ok=True)
    head = f"# yaml-language-server: $schema=../../schema/{kind.plural}.json\n"
    if count <= PER_FILE:
        (folder / f"{kind.plural}.yaml").write_text(head + "".join(entries))
        return
    (folder / kind.plural).mkdir()
    for part in range(-(-count // PER_FILE)):
        path = folder / kind.plural / f"part-{part + 1:04}.yaml"
        path.write_text(head + "".join(itertools.islice(entries, PER_FILE)))


def _rare_words(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choices(SYLLABLES, k=rng.randrange(2, 5))) for _ in range(count)]


_STANCES = tuple(Stance)
_ACTS = tuple(Act)
_TYPES = tuple(IncidentType)
_STATUSES = tuple(status for status in IncidentStatus if status is not IncidentStatus.CANCELLED)
_MEDIA = tuple(Medium)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    generate(options.folder, options.records, options.seed)


if __name__ == "__main__":
    main()
