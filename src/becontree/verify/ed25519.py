"""Ed25519 signatures checked with whole numbers and SHA-512 alone: slow, short, and nothing to install.

Source: RFC 8032 section 5.1 (curve, encoding, verification); section 6 has the shape of the formulas. Only checks,
never signs, so it has no secret to leak through its timing. About 5 ms a signature.

>>> key = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
>>> text = ("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
...         "d25bf5f0595bbe24655141438e7a100b")
>>> holds(key, b"", bytes.fromhex(text)), holds(key, b"x", bytes.fromhex(text))
(True, False)
"""

from __future__ import annotations

import hashlib

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)

Point = tuple[int, int, int, int]  # extended coordinates: x = X/Z, y = Y/Z, x*y = T/Z
NEUTRAL: Point = (0, 1, 1, 0)


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) under `message` was made with the private half of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, nonce = _decode(key), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or scalar >= ORDER:  # a second form of the same signature is refused
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _equal(_times(scalar, _BASE), _add(nonce, _times(challenge, public)))


def _add(one: Point, two: Point) -> Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % PRIME
    b = (one[1] + one[0]) * (two[1] + two[0]) % PRIME
    c = 2 * one[3] * two[3] * CURVE % PRIME
    d = 2 * one[2] * two[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _equal(one: Point, two: Point) -> bool:
    return not (one[0] * two[2] - two[0] * one[2]) % PRIME and not (one[1] * two[2] - two[1] * one[2]) % PRIME


def _decode(data: bytes) -> Point | None:
    """The point that 32 bytes stand for (RFC 8032 section 5.1.3), or None if they stand for none."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % PRIME)


def _x_of(y: int, sign: int) -> int | None:
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    return PRIME - x if x & 1 != sign else x


_Y = 4 * pow(5, PRIME - 2, PRIME) % PRIME
_X = _x_of(_Y, 0) or 0
_BASE: Point = (_X, _Y, 1, _X * _Y % PRIME)
