"""The hashes that records and folders are named by, as `hashlib` has them.

Taken from where it takes them itself, as the standard library's own `random` does: `hashlib` also loads
OpenSSL, which is a twentieth of a whole search.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b, sha256
else:
    try:
        from _blake2 import blake2b

        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:  # a Python that is built otherwise
        from hashlib import blake2b, sha256

__all__ = ["blake2b", "sha256"]
