"""Boxes that only the server opens: what a tablet keeps until it has a network, it cannot read back.

The tablet makes a key pair for each box (P-256), agrees a secret with the shift's public key (ECDH), stretches it
(HKDF-SHA-256) and encrypts (AES-256-GCM) with the shift's handle as additional data: a box of one shift opens in no
other. A box is: 65 bytes public key, 12 bytes nonce, the ciphertext. All of it is in every browser (Web Cryptography,
W3C 2017) and in `cryptography`; ECIES in this form follows SEC 1 (Certicom, 2009), section 5.1.

The shift's private key is stretched from the site's secret and the shift's id, so that it is written down nowhere. If
the secret is changed, name the old one in SECRET_KEY_FALLBACKS until all tablets have sent.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)
POINT: Final = 65
NONCE: Final = 12
INFO: Final = b"becontree outreach box 1"


class NotOurs(ValueError):
    """The box cannot be opened: damaged, forged, or of another shift."""


def public_key(shift: UUID) -> bytes:
    """The shift's public key, as an uncompressed point."""
    key = _private(shift, settings.SECRET_KEY).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def open_box(box: bytes, *, shift: UUID, handle: str) -> bytes:
    """What is in the box. Raises NotOurs."""
    if len(box) < POINT + NONCE + 16:
        raise NotOurs("too short")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), box[:POINT])
    except ValueError:
        raise NotOurs("no point of the curve") from None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        shared = _private(shift, secret).exchange(ec.ECDH(), theirs)
        try:
            return AESGCM(_stretched(shared)).decrypt(box[POINT : POINT + NONCE], box[POINT + NONCE :], handle.encode())
        except InvalidTag:
            continue
    raise NotOurs("does not open")


def seal(plain: bytes, *, public: bytes, handle: str, nonce: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """As the tablet does it; for pages without a script and for tests. `key` and `nonce` are new for each box."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    mine = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return mine + nonce + AESGCM(_stretched(key.exchange(ec.ECDH(), theirs))).encrypt(nonce, plain, handle.encode())


@lru_cache(maxsize=64)
def _private(shift: UUID, secret: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes brought into range are as good as even (FIPS 186-4, B.4.1).
    long = HKDF(SHA256(), length=48, salt=shift.bytes, info=b"becontree outreach shift 1").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(long, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def _stretched(shared: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=b"", info=INFO).derive(shared)
