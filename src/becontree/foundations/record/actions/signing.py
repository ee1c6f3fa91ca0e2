"""Signing the tree, and taking in what witnesses sign."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from becontree.foundations.kit.errors import Clash, Invalid
from becontree.foundations.record import keys, notes, tree
from becontree.foundations.record.actions.sequencing import take_lock
from becontree.foundations.record.models import Checkpoint, Cosignature, Entry
from becontree.foundations.record.projection import moment


@transaction.atomic
def checkpoint(*, now: datetime, key: notes.Signer | None = None) -> Checkpoint | None:
    """Sign the tree as it is; the checkpoint there already, if nothing was added; None while the record is empty.

    Raises Clash if the stored tree no longer agrees with what was last signed (then nothing is signed), and NoKey.
    """
    take_lock()
    last = Entry.objects.aggregate(last=Max("sequence"))["last"]
    size = 0 if last is None else last + 1
    before = Checkpoint.objects.order_by("size").last()
    if before is not None:
        if size < before.size or tree.root(before.size).hex() != before.root:
            raise Clash(
                "record.damaged",
                f"The record no longer agrees with the checkpoint signed at {before.size} entries. Nothing was signed. "
                "Somebody or something changed the database: compare it with a published copy.",
            )
        if size == before.size:
            return before
    if not size:
        return None
    signer = key or keys.signer()
    root = tree.root(size)
    body = notes.checkpoint_body(
        origin=settings.RECORD_ORIGIN,
        size=size,
        root=root,
        issued=moment(now),
        previous="none" if before is None else hashlib.sha256(before.body.encode()).hexdigest(),
    )
    return Checkpoint.objects.create(size=size, root=root.hex(), issued_at=now, body=body, signature=signer.sign(body))


@transaction.atomic
def cosign(*, note: str, now: datetime) -> list[Cosignature]:
    """Keep the witnesses' signatures that a signed checkpoint carries. Those kept already are left as they are.

    Raises Invalid for a note that is not one of our checkpoints, or that carries no new signature of a witness known
    from RECORD_WITNESSES.
    """
    try:
        body, signatures = notes.split(note.replace("\r\n", "\n"))
        known = keys.witnesses()
    except notes.BadNote as error:
        raise Invalid("record.cosign.note", str(error), "note") from error
    ours = Checkpoint.objects.filter(body=body).first()
    if ours is None:
        raise Invalid("record.cosign.other", "This is not one of our checkpoints, to the letter.", "note")
    kept: list[Cosignature] = []
    for signature in signatures:
        for verifier in known:
            when = notes.check_cosignature(body, signature, verifier)
            if when is not None:
                row, new = Cosignature.objects.get_or_create(
                    checkpoint=ours,
                    witness=verifier.name,
                    defaults={"line": signature.line, "signed_at": when, "received_at": now},
                )
                kept += [row] * new
    if not kept:
        raise Invalid("record.cosign.none", "There is no new signature of a witness that we know.", "note")
    return kept
