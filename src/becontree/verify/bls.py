"""Checks the signature of a drand round: BLS on the curve BLS12-381, from Python's standard library alone.

Computes: e(signature, generator) = e(hash of the message, public key), where e is the pairing of BLS12-381.
Source: RFC 9380 (hashing to the curve; suites BLS12381G1_XMD:SHA-256_SSWU_RO_ and BLS12381G2_XMD:SHA-256_SSWU_RO_);
draft-irtf-cfrg-bls-signature; the compressed points are those of Zcash and drand. The pairing is Miller's algorithm
(J. Cryptology 17, 2004) with the final power taken in the plain way.
Why here: a draw should be checkable with nothing but Python. drand-verify has no wheel for newer Pythons and
panics on bad text; py_ecc brings five further packages. This agrees with py_ecc 8.0.0 on the points it was compared on.
Cost: under a second a round. It handles public facts only, so it need not hide its running time.

Everything is written over Fp2, numbers a + b*u with u*u = -1 held as pairs (a, b); the smaller field is b = 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from . import rfc9380

Fp2 = tuple[int, int]
Point = tuple[Fp2, Fp2] | None  # None is the point at infinity
Fp12 = tuple[Fp2, ...]  # six coefficients of w**0 .. w**5, with w**6 = 1 + u

P: Final = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
ORDER: Final = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
MILLER: Final = 0xD201000000010000  # the absolute value of the curve's parameter
COFACTOR_G1: Final = 0xD201000000010001  # RFC 9380 section 8.8.1, h_eff
COFACTOR_G2: Final = int(  # RFC 9380 section 8.8.2, h_eff
    "bc69f08f2ee75b3584c6a0ea91b352888e2a8e9145ad7689986ff031508ffe1329c2f178731db956"
    "d82bf015d1212b02ec0ec69d7477c1ae954cbc06689f6a359894c0adebbf6b4e8020005aaa95551",
    16,
)
ZERO: Final[Fp2] = (0, 0)
ONE: Final[Fp2] = (1, 0)
XI: Final[Fp2] = (1, 1)
B_G1: Final[Fp2] = (4, 0)
B_G2: Final[Fp2] = (4, 4)
G1: Final[Point] = (
    (
        0x17F1D3A73197D7942695638C4FA9AC0FC3688C4F9774B905A14E3A3F171BAC586C55E83FF97A1AEFFB3AF00ADB22C6BB,
        0,
    ),
    (
        0x08B3F481E3AAA0F1A09E30ED741D8AE4FCF5E095D5D00AF600DB18CB2C04B3EDD03CC744A2888AE40CAA232946C5E7E1,
        0,
    ),
)
G2: Final[Point] = (
    (
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    (
        0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)
# The curves that can be hashed to, y**2 = x**3 + A*x + B, and Z (RFC 9380 sections 8.8.1 and 8.8.2).
SSWU_G1: Final[tuple[Fp2, Fp2, Fp2]] = (
    (0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D, 0),
    (0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0, 0),
    (11, 0),
)
SSWU_G2: Final[tuple[Fp2, Fp2, Fp2]] = ((0, 240), (1012, 1012), (P - 2, P - 1))
TAG_G1: Final = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
TAG_G2: Final = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_"

# Public keys of the League of Entropy's chains, as published by drand.
QUICKNET_KEY: Final = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
DEFAULT_KEY: Final = "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"


@lru_cache(maxsize=256)
def round_is_signed(chain: str, number: int, signature: str, previous: str = "") -> bool:
    """Is this round of the chain "quicknet" or "default" signed by drand? Hexadecimal in; never raises for bad text."""
    try:
        signed = bytes.fromhex(signature)
        counter = number.to_bytes(8, "big")
        if chain == "quicknet":  # signature on G1, key on G2, no chaining
            point, key = read_g1(signed), read_g2(bytes.fromhex(QUICKNET_KEY))
            message = hash_to_g1(hashlib.sha256(counter).digest(), TAG_G1)
            return point is not None and _pairings_cancel([(_minus(point), G2), (message, key)])
        if chain == "default":  # signature on G2, key on G1, each round signs the one before
            other, small_key = read_g2(signed), read_g1(bytes.fromhex(DEFAULT_KEY))
            message = hash_to_g2(hashlib.sha256(bytes.fromhex(previous) + counter).digest(), TAG_G2)
            return other is not None and _pairings_cancel([(_minus(G1), other), (small_key, message)])
    except (ValueError, OverflowError):
        return False
    return False


# -- reading points -------------------------------------------------------------------------------------------------


def read_g1(data: bytes) -> Point:
    """The point of 48 compressed bytes; ValueError unless it is on the curve and in the right group."""
    return _read(data, 48, B_G1)


def read_g2(data: bytes) -> Point:
    """The point of 96 compressed bytes; ValueError unless it is on the curve and in the right group."""
    return _read(data, 96, B_G2)


def _read(data: bytes, size: int, b: Fp2) -> Point:
    if len(data) != size or not data[0] & 0x80:
        raise ValueError(f"A compressed point has {size} bytes and says so in its first bit.")
    if data[0] & 0x40:
        raise ValueError("The point at infinity signs nothing.")
    first = int.from_bytes(bytes([data[0] & 0x1F]) + data[1:48], "big")
    x: Fp2 = (first, 0) if size == 48 else (int.from_bytes(data[48:], "big"), first)
    if max(x) >= P:
        raise ValueError("A coordinate is beyond the field.")
    y = (_root1 if size == 48 else _root2)(_add(_mul(_mul(x, x), x), b))
    if y is None:
        raise ValueError("The point is not on the curve.")
    larger = (y[1] or y[0]) > P // 2
    if larger != bool(data[0] & 0x20):
        y = _neg(y)
    if _times(ORDER, (x, y)) is not None:
        raise ValueError("The point is not in the group of prime order.")
    return x, y


# -- hashing to a point (RFC 9380) ----------------------------------------------------------------------------------


def hash_to_g1(message: bytes, tag: bytes) -> Point:
    u = [(value, 0) for value in _field_elements(message, tag, 2)]
    return _times(COFACTOR_G1, _plus(*(_map(value, SSWU_G1, _as_pairs(rfc9380.G1), _root1) for value in u)))


def hash_to_g2(message: bytes, tag: bytes) -> Point:
    a, b, c, d = _field_elements(message, tag, 4)
    return _times(COFACTOR_G2, _plus(*(_map(value, SSWU_G2, rfc9380.G2, _root2) for value in ((a, b), (c, d)))))


def expand(message: bytes, tag: bytes, length: int) -> bytes:
    """expand_message_xmd with SHA-256 (RFC 9380 section 5.3.1)."""
    suffix = tag + bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + suffix).digest()
    blocks = [hashlib.sha256(first + b"\1" + suffix).digest()]
    while 32 * len(blocks) < length:
        mixed = bytes(x ^ y for x, y in zip(first, blocks[-1]))
        blocks.append(hashlib.sha256(mixed + bytes([len(blocks) + 1]) + suffix).digest())
    return b"".join(blocks)[:length]


def _field_elements(message: bytes, tag: bytes, count: int) -> list[int]:
    data = expand(message, tag, 64 * count)
    return [int.from_bytes(data[64 * i : 64 * i + 64], "big") % P for i in range(count)]


def _map(u: Fp2, curve: tuple[Fp2, Fp2, Fp2], isogeny: Sequence[Sequence[Fp2]], root) -> Point:  # type: ignore[no-untyped-def]
    """Simplified SWU (section 6.6.2), then the isogeny to BLS12-381 (section 6.6.3)."""
    a, b, z = curve
    zu2 = _mul(z, _mul(u, u))
    t = _add(_mul(zu2, zu2), zu2)
    x = _div(b, _mul(z, a)) if t == ZERO else _mul(_div(_neg(b), a), _add(ONE, _div(ONE, t)))
    y = root(_add(_mul(_add(_mul(x, x), a), x), b))
    if y is None:
        x = _mul(zu2, x)
        y = root(_add(_mul(_add(_mul(x, x), a), x), b))
    if _sign(u) != _sign(y):
        y = _neg(y)
    over_x, under_x, over_y, under_y = (_value(row, x) for row in isogeny)
    return _div(over_x, under_x), _mul(y, _div(over_y, under_y))


def _value(coefficients: Sequence[Fp2], x: Fp2) -> Fp2:
    total = ZERO
    for coefficient in reversed(coefficients):
        total = _add(_mul(total, x), coefficient)
    return total


def _as_pairs(rows: Sequence[Sequence[int]]) -> list[list[Fp2]]:
    return [[(value, 0) for value in row] for row in rows]


def _sign(a: Fp2) -> int:
    return a[0] % 2 if a[0] else a[1] % 2


# -- the pairing ----------------------------------------------------------------------------------------------------


def _pairings_cancel(pairs: Sequence[tuple[Point, Point]]) -> bool:
    """Is the product of e(p, q) over the pairs equal to one?

    The final power is (P**12 - 1) / ORDER = (P**6 + 1) / ORDER * (P**6 - 1). Raising to P**6 only changes the sign of
    w, so the second factor gives one exactly if no odd power of w is left after the first: half the work.
    """
    product: Fp12 = (ONE, ZERO, ZERO, ZERO, ZERO, ZERO)
    for p, q in pairs:
        product = _mul12(product, _miller(p, q))
    return _pow12(product, (P**6 + 1) // ORDER)[1::2] == (ZERO, ZERO, ZERO)


def _miller(p: Point, q: Point) -> Fp12:
    """Miller's loop with q on the twist. Factors that the final power sends to one are left out."""
    if p is None or q is None:
        return (ONE, ZERO, ZERO, ZERO, ZERO, ZERO)
    value: Fp12 = (ONE, ZERO, ZERO, ZERO, ZERO, ZERO)
    at: Point = q
    for bit in bin(MILLER)[3:]:
        value = _mul12(_mul12(value, value), _line(at, at, p))
        at = _plus(at, at)
        if bit == "1":
            value = _mul12(value, _line(at, q, p))
            at = _plus(at, q)
    return value


def _line(s: Point, t: Point, p: Point) -> Fp12:
    """The line through s and t (or the tangent at s), moved off the twist and taken at p, times w**3."""
    assert s is not None
    assert t is not None
    assert p is not None
    slope = _slope(s, t)
    return (_sub(_mul(slope, s[0]), s[1]), ZERO, _neg(_mul(slope, p[0])), p[1], ZERO, ZERO)


def _mul12(a: Fp12, b: Fp12) -> Fp12:
    real, imaginary = [0] * 11, [0] * 11
    for i, (a0, a1) in enumerate(a):
        if a0 or a1:
            for j, (b0, b1) in enumerate(b):
                if b0 or b1:
                    real[i + j] += a0 * b0 - a1 * b1
                    imaginary[i + j] += a0 * b1 + a1 * b0
    for k in range(10, 5, -1):  # w**6 = 1 + u
        real[k - 6] += real[k] - imaginary[k]
        imaginary[k - 6] += real[k] + imaginary[k]
    return tuple((real[k] % P, imaginary[k] % P) for k in range(6))


def _pow12(a: Fp12, exponent: int) -> Fp12:
    value = a
    for bit in bin(exponent)[3:]:
        value = _mul12(value, value)
        if bit == "1":
            value = _mul12(value, a)
    return value


# -- points and fields ----------------------------------------------------------------------------------------------


def _slope(s: tuple[Fp2, Fp2], t: tuple[Fp2, Fp2]) -> Fp2:
    if s == t:
        square = _mul(s[0], s[0])
        return _div(_add(square, _add(square, square)), _add(s[1], s[1]))
    return _div(_sub(t[1], s[1]), _sub(t[0], s[0]))


def _plus(s: Point, t: Point) -> Point:
    if s is None or t is None:
        return t if s is None else s
    if s[0] == t[0] and s[1] != t[1]:
        return None
    slope = _slope(s, t)
    x = _sub(_sub(_mul(slope, slope), s[0]), t[0])
    return x, _sub(_mul(slope, _sub(s[0], x)), s[1])


def _minus(s: Point) -> Point:
    return None if s is None else (s[0], _neg(s[1]))


def _times(k: int, s: Point) -> Point:
    total: Point = None
    for bit in bin(k)[2:]:
        total = _plus(total, total)
        if bit == "1":
            total = _plus(total, s)
    return total


def _add(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] + b[0]) % P, (a[1] + b[1]) % P


def _sub(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] - b[0]) % P, (a[1] - b[1]) % P


def _neg(a: Fp2) -> Fp2:
    return -a[0] % P, -a[1] % P


def _mul(a: Fp2, b: Fp2) -> Fp2:
    return (a[0] * b[0] - a[1] * b[1]) % P, (a[0] * b[1] + a[1] * b[0]) % P


def _div(a: Fp2, b: Fp2) -> Fp2:
    norm = pow(b[0] * b[0] + b[1] * b[1], -1, P)
    return _mul(a, (b[0] * norm % P, -b[1] * norm % P))


def _root1(a: Fp2) -> Fp2 | None:
    """The square root inside the smaller field, if there is one (P = 3 mod 4)."""
    root = pow(a[0], (P + 1) // 4, P)
    return (root, 0) if root * root % P == a[0] else None


def _root2(a: Fp2) -> Fp2 | None:
    """The square root in Fp2, if there is one (RFC 9380 appendix I.2)."""
    power = _pow2(a, (P - 3) // 4)
    start = _mul(power, a)
    alpha = _mul(power, start)
    root = (-start[1] % P, start[0]) if alpha == (P - 1, 0) else _mul(_pow2(_add(ONE, alpha), (P - 1) // 2), start)
    return root if _mul(root, root) == a else None


def _pow2(a: Fp2, exponent: int) -> Fp2:
    value = ONE
    for bit in bin(exponent)[2:]:
        value = _mul(value, value)
        if bit == "1":
            value = _mul(value, a)
    return value
