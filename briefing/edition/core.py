"""What all views of one edition share: its store, its orders, its index, opened once."""

from __future__ import annotations

import threading
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from briefing.edition.keys import KINDS
from briefing.edition.orders import Orders
from briefing.edition.store import Store
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

if TYPE_CHECKING:
    import tantivy


_serials = count()


class Core:
    """An edition that is open; cheap to make, since nothing of it is read but the list of its panes."""

    def __init__(
        self,
        identity: str,
        store: Store,
        orders: Orders,
        index: Path | tantivy.Index,
        lock: int | None = None,
    ) -> None:
        # The descriptor that keeps it from being removed.
        self.lock = lock
        self.identity = identity
        # Tells it from another of the same content, of which this one may be a damaged copy.
        self.serial = next(_serials)
        self.store = store
        self.orders = orders
        self.scopes: dict[str, int] = dict(store.all("SELECT id, scope FROM scope"))
        self.briefings = {scope: briefing for briefing, scope in self.scopes.items()}
        self.panes: dict[tuple[int, Kind], tuple[int, int]] = {
            (scope, KINDS[kind]): (start, count)
            for scope, kind, start, count in store.all("SELECT scope, kind, start, count FROM pane")
        }
        # Short names of records, which rows and documents ask for again and again.
        self.names: dict[Ref, str] = {}
        self.index_folder = index if isinstance(index, Path) else None
        self._index = index
        self._opening = threading.Lock()

    @property
    def index(self) -> tantivy.Index:
        """The search index, opened when it is first needed."""
        with self._opening:
            if isinstance(self._index, Path):
                from briefing.edition.index import open_index

                self._index = open_index(self._index)
            return self._index
