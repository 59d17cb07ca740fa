"""Who comes in: passwords, what happens after wrong ones, and the addresses to write on the board."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import secrets
import socket
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from salesgoals.problems import Problem, raise_if_any

SHORTEST = 6
FREE_TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 30.0, 600.0  # seconds; the wait doubles with each further try
FORGIVEN = 900.0   # seconds after which earlier tries no longer count
REMEMBERED = 5000  # addresses; more than a room has, few enough for the memory
ROLES = ("trainer", "seat")


def make_password() -> str:
    """Make up a password that is quickly read from a board and typed on a phone, such as 4827-1930.

    Examples
    --------
    >>> len(plain_password(make_password()))
    8
    """
    digits = f"{secrets.randbelow(10**8):08d}"
    return f"{digits[:4]}-{digits[4:]}"


def plain_password(text: str) -> str:
    """Take away what people get wrong when they copy a password: spaces, dashes, capitals, wide letters.

    Examples
    --------
    >>> plain_password("４８27 - 1930") == plain_password("4827-1930")
    True
    """
    wide = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in wide if not letter.isspace()
                   and unicodedata.category(letter) != "Pd" and letter.isprintable())


def check_passwords(seat: str, trainer: str) -> None:
    """Refuse passwords that are too short to keep anybody out, or that do not tell the trainer apart."""
    problems = [Problem("serve.password_short", name=name, least=SHORTEST)
                for name, password in (("--password", seat), ("--trainer-password", trainer))
                if len(plain_password(password)) < SHORTEST]
    if hmac.compare_digest(_mark(b"", seat), _mark(b"", trainer)):
        problems.append(Problem("serve.password_same"))
    raise_if_any(problems)


class Door:
    """Lets in who knows a password; whoever guesses waits longer and longer.

    Parameters
    ----------
    seat, trainer : str
        The password of the room and the one of the trainer.
    secret : str
        The session's secret, from which the marks of the passwords in cookies are made.
    clock : callable
        Seconds that only go forward.
    """

    def __init__(self, seat: str, trainer: str, secret: str, clock: Callable[[], float] = time.monotonic):
        self._secret, self._clock = secret.encode(), clock
        self.marks = {"seat": _mark(self._secret, seat), "trainer": _mark(self._secret, trainer)}
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def enter(self, password: str, address: str) -> str | None:
        """Return ``"seat"`` or ``"trainer"``, or None for a wrong password; ask :meth:`wait` before."""
        given = _mark(self._secret, password)
        fits = [role for role in ROLES if hmac.compare_digest(given, self.marks[role])]
        if fits:
            return fits[0]
        place, now = _network(address), self._clock()
        count, last = self._wrong.pop(place, (0, now))
        self._wrong[place] = (1 if now - last > FORGIVEN else count + 1, now)
        if len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)
        return None

    def wait(self, address: str) -> int:
        """Seconds until this address may try again; 0 if it may now."""
        count, last = self._wrong.get(_network(address), (0, 0.0))
        if count < FREE_TRIES:
            return 0
        span = min(FIRST_WAIT * 2.0 ** min(count - FREE_TRIES, 20), LONGEST_WAIT)
        return max(0, math.ceil(last + span - self._clock()))

    def knows(self, role: str, mark: str) -> bool:
        """Tell whether a cookie was given for the password that holds now."""
        return role in self.marks and hmac.compare_digest(mark.encode(), self.marks[role])


def _mark(secret: bytes, password: str) -> bytes:
    return hmac.new(secret, plain_password(password).encode(), hashlib.sha256).hexdigest()[:32].encode()


def _network(address: str) -> str:
    """One household of IPv6 has millions of addresses: it counts as one."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def local_addresses() -> list[str]:
    """Find the addresses under which others in the room reach this computer; the likeliest first."""
    found: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing: only asks which way the network would be
        found.append(probe.getsockname()[0])
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    usable = [address for address in dict.fromkeys(found)
              if not ipaddress.ip_address(address).is_loopback and address != "0.0.0.0"]
    return sorted(usable, key=lambda address: ipaddress.ip_address(address).is_link_local)
