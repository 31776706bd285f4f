"""What msgspec has to know of a type, found out by one thread at a time, and before any other uses it.

It finds that out when it first meets the type, which takes a while, and types share types of fields. A
thread that comes meanwhile is given what is known so far, and that ends the process.
"""

from functools import cache
from threading import Lock
from typing import Any

import msgspec

_meeting = Lock()


@cache
def decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    """What makes values of KIND of bytes; made when first needed, since most commands need two or three."""
    with _meeting:
        return msgspec.msgpack.Decoder(kind)


def convert(tree: object, kind: Any) -> Any:
    """TREE, of texts, lists and mappings, as a value of KIND."""
    decoder(kind)
    return msgspec.convert(tree, kind, strict=False)
