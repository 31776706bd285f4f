"""The same incidents as VisiData, lnav and newsboat read them: CSV, a log file, an RSS feed."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.terminal import KEYS
from briefing.edition.edition import Edition
from briefing.model.records import Incident
from briefing.model.vocabulary import Kind

PAGE = 2000


def incidents(edition: Edition) -> Iterator[Incident]:
    """Every incident of EDITION in pane order, read by pages."""
    for start in range(0, edition.count(Kind.INCIDENT), PAGE):
        for entry in edition.page(Kind.INCIDENT, start, start + PAGE):
            assert isinstance(entry.record, Incident)
            yield entry.record


@dataclass(frozen=True)
class Peer:
    """How a program is started on the records, and how its list of incidents is opened and paged.

    `ready` stands on the first screen; each of `opening` is then typed, and its text stands on the
    screen once it has worked; `end` and `first` go to the last incident and back.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    opening: tuple[tuple[str, str], ...] = ()
    end: str = "G"
    first: str = "g"


def prepare(edition: Edition, folder: Path) -> list[Peer]:
    """Write EDITION's incidents under FOLDER in each peer's form; the peers, ready to start."""
    table, log, feed = folder / "incidents.csv", folder / "incidents.log", folder / "incidents.xml"
    if not feed.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with table.open("w", newline="") as rows, log.open("w") as lines, feed.open("w") as items:
            writer = csv.writer(rows)
            writer.writerow(["date", "type", "title", "place", "status", "summary"])
            items.write('<?xml version="1.0"?><rss version="2.0"><channel><title>Incidents</title>')
            items.write("<link>http://localhost/</link><description>-</description>")
            for number, one in enumerate(incidents(edition)):
                day = (one.when.date or "1970-01-01")[:10]
                writer.writerow([day, one.type, one.title, one.place.name, one.status, one.summary])
                lines.write(f"{day}T00:00:00 {one.type} {one.title} ({one.place.name}) {one.summary}\n")
                items.write(
                    f"<item><guid>{number}</guid><title>{escape(one.title)}</title>"
                    f"<link>http://localhost/{number}</link>"
                    f"<description>{escape(one.summary or one.title)}</description></item>"
                )
            items.write("</channel></rss>")
    urls, cache, settings = folder / "urls", folder / "newsboat.db", folder / "newsboat.conf"
    urls.write_text(f"file://{feed.resolve()}\n")
    settings.write_text("auto-reload no\nmax-items 0\n")
    newsboat = ("newsboat", "-q", "-u", str(urls), "-c", str(cache), "-C", str(settings))
    if not cache.exists():
        subprocess.run([*newsboat, "-x", "reload"], check=True, timeout=900)
    return [
        Peer("VisiData", ("vd", str(table)), "incidents", end="G", first="gg"),
        Peer("lnav", ("lnav", "-N", str(log)), "LOG"),
        Peer("newsboat", newsboat, "Incidents", (("\r", "Articles"),), KEYS["end"], KEYS["home"]),
    ]
