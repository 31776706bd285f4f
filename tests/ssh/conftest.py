"""What the tests of serving share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import leave_out
from tests.ssh.accounts import Account, account


@pytest.fixture(scope="module")
def lent() -> Iterator[Account]:
    with account() as lent:
        if lent is None:
            leave_out("needs root and a mount namespace, to lend an account without privileges")
        yield lent
