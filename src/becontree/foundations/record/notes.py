"""Signed notes as C2SP defines them: keys, signature lines, checkpoints, witnesses' cosignatures.

Source: C2SP signed-note, tlog-checkpoint and tlog-cosignature (c2sp.org); Ed25519 is RFC 8032, by `cryptography`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG: Final = 0x01  # signature type: Ed25519 over the note
WITNESS: Final = 0x04  # signature type: timestamped Ed25519 cosignature
_DASH: Final = "\u2014"


class BadNote(ValueError):
    """A key or a note that cannot be read, or a signature that does not hold; the message says which."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name: `name+hash+key`, the form that others put in their settings."""

    name: str
    kind: int
    key: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.key)}"

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read the `name+hash+key` form. Raises BadNote."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise BadNote("A public key is written name+hash+key.")
        data = _unb64(parts[2])
        if len(data) != 33 or data[0] not in (LOG, WITNESS):
            raise BadNote(f"The key of {parts[0]} is not an Ed25519 key of a log or a witness.")
        found = cls(_name(parts[0]), data[0], data[1:])
        if found.key_id.hex() != parts[1]:
            raise BadNote(f"The hash in the key of {found.name} does not fit the key: it was mistyped.")
        return found

    def holds(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its name. Its text form is as secret as a password."""

    name: str
    seed: bytes
    kind: int = LOG

    @classmethod
    def new(cls, name: str, kind: int = LOG) -> Signer:
        return cls(_name(name), Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read the text form. Raises BadNote, which never holds the key."""
        parts = text.strip().split("+", 4)
        if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
            raise BadNote("This is not a private key file of the record.")
        data = _unb64(parts[4])
        if len(data) != 33 or data[0] not in (LOG, WITNESS):
            raise BadNote("The private key file does not hold an Ed25519 key.")
        found = cls(_name(parts[2]), data[1:], data[0])
        if found.verifier.key_id.hex() != parts[3]:
            raise BadNote("The private key file is damaged: its hash does not fit.")
        return found

    def secret(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_b64(bytes([self.kind]) + self.seed)}"

    def __repr__(self) -> str:  # never the seed, in no log and no traceback
        return f"Signer({self.name})"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.kind, self._key().public_key().public_bytes_raw())

    def sign(self, body: str) -> str:
        """The signature line under a note's body."""
        return self._line(self._key().sign(body.encode()))

    def cosign(self, body: str, when: datetime) -> str:
        """A witness's line under a checkpoint's body: it saw this tree at this time."""
        stamp = int(when.timestamp())
        return self._line(stamp.to_bytes(8, "big") + self._key().sign(_cosigned(body, stamp)))

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def _line(self, blob: bytes) -> str:
        return f"{_DASH} {self.name} {_b64(self.verifier.key_id + blob)}"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line, read."""

    name: str
    key_id: bytes
    blob: bytes
    line: str


def checkpoint_body(*, origin: str, size: int, root: bytes, issued: str, previous: str) -> str:
    """What is signed: origin, size and root, and two lines of our own.

    `time` says when; `previous` is the SHA-256 of the body of the checkpoint before (or "none"), so that an old
    checkpoint cannot be taken away or put in place of another unseen.
    """
    return f"{_name(origin)}\n{size}\n{_b64(root)}\ntime {issued}\nprevious {previous}\n"


def split(note: str) -> tuple[str, list[Signature]]:
    """A signed note's body and its signature lines. Raises BadNote."""
    body, gap, rest = note.rpartition("\n\n")
    if not gap or not rest.endswith("\n"):
        raise BadNote("A signed note has a body, an empty line, and signature lines.")
    return body + "\n", [signature(line) for line in rest.splitlines()]


def signature(line: str) -> Signature:
    """Read one signature line. Raises BadNote."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise BadNote("A signature line is a dash, a name and a signature.")
    data = _unb64(parts[2])
    if len(data) < 5:
        raise BadNote(f"The signature of {parts[1]} is too short.")
    return Signature(_name(parts[1]), data[:4], data[4:], line)


def check_signature(body: str, signed: Signature, verifier: Verifier) -> bool:
    """Whether the line is this log's signature under the body."""
    if verifier.kind != LOG or (signed.name, signed.key_id) != (verifier.name, verifier.key_id):
        return False
    return verifier.holds(body.encode(), signed.blob)


def check_cosignature(body: str, signed: Signature, verifier: Verifier) -> datetime | None:
    """When the witness signed the body, or None if this is not its signature under it."""
    if verifier.kind != WITNESS or (signed.name, signed.key_id) != (verifier.name, verifier.key_id):
        return None
    stamp = int.from_bytes(signed.blob[:8], "big")
    if len(signed.blob) != 72 or stamp > 253_402_300_799 or not verifier.holds(_cosigned(body, stamp), signed.blob[8:]):
        return None
    return datetime.fromtimestamp(stamp, UTC)


def _cosigned(body: str, stamp: int) -> bytes:
    return f"cosignature/v1\ntime {stamp}\n{body}".encode()


def _name(name: str) -> str:
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise BadNote(f"{name!r} cannot be a key's name: no spaces, no plus sign.")
    return name


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unb64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("This is not base64.") from error
