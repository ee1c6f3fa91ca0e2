"""Keys and signed notes in the forms that C2SP gives."""

import stat
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from becontree.foundations.record import checks, keys, notes

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
# The example key of Go's note package, which C2SP signed-note describes.
EXAMPLE = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_example_reads_and_holds():
    verifier = notes.Verifier.parse(EXAMPLE)
    body, (signature,) = notes.split(SIGNED)

    assert str(verifier) == EXAMPLE
    assert notes.check_signature(body, signature, verifier)
    assert not notes.check_signature(body + "x\n", signature, verifier)


def test_a_key_survives_its_text_form():
    signer = notes.Signer.new("example.org/record")

    assert notes.Signer.parse(signer.secret()) == signer
    assert signer.secret() not in repr(signer)
    assert notes.Verifier.parse(str(signer.verifier)) == signer.verifier


@pytest.mark.parametrize(
    "text",
    ["", "a+b", EXAMPLE.replace("c74f20a3", "c74f20a4"), EXAMPLE[:-4], "a+00000000+!!!!", EXAMPLE.replace("TW", "TX")],
)
def test_a_key_with_a_slip_in_it_is_refused(text):
    with pytest.raises(notes.BadNote):
        notes.Verifier.parse(text)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_a_name_that_would_break_the_form_is_refused(name):
    with pytest.raises(notes.BadNote):
        notes.Signer.new(name)


def test_a_cosignature_tells_when():
    witness = notes.Signer.new("neighbour.example", notes.WITNESS)
    signature = notes.signature(witness.cosign("body\n", NOW))

    assert notes.check_cosignature("body\n", signature, witness.verifier) == NOW
    assert notes.check_cosignature("other\n", signature, witness.verifier) is None
    assert not notes.check_signature("body\n", signature, witness.verifier)


@pytest.mark.parametrize(
    "note", ["", "body\n", "body\n\nno dash\n", "body\n\n\u2014 name !!\n", "body\n\n\u2014 name AAAA"]
)
def test_a_broken_note_is_refused(note):
    with pytest.raises(notes.BadNote):
        notes.split(note)


def test_the_command_writes_a_key_that_only_its_owner_reads(tmp_path, capsys, settings):
    file = tmp_path / "safe" / "record.key"
    call_command("record_key", str(file), "--name", "example.org/record")
    printed = capsys.readouterr().out.strip()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert notes.Verifier.parse(printed).name == "example.org/record"

    secret = file.read_text()
    call_command("record_key", str(file))

    assert capsys.readouterr().out.strip() == printed
    assert file.read_text() == secret


def test_a_missing_key_is_said_in_production(settings):
    settings.MODE, settings.RECORD_KEY = "production", ""
    with pytest.raises(keys.NoKey, match="record_key FILE"):
        keys.signer()

    assert [message.id for message in checks.the_key_is_safe(None)] == ["record.E001"]
    assert [message.id for message in checks.somebody_else_watches(None)] == ["record.E006"]


def test_a_key_that_others_can_read_or_of_another_name_is_said(settings, tmp_path):
    file = tmp_path / "record.key"
    settings.MODE, settings.RECORD_KEY, settings.RECORD_ORIGIN = "production", str(file), "example.org/record"

    assert [message.id for message in checks.the_key_is_safe(None)] == ["record.E002"]

    keys.write(file, notes.Signer.new("example.org/other"))
    file.chmod(0o644)

    assert [message.id for message in checks.the_key_is_safe(None)] == ["record.E003", "record.E004"]


def test_outside_production_a_key_is_made_once(settings, tmp_path):
    settings.RECORD_KEY, settings.HOME = "", tmp_path

    assert keys.signer() == keys.signer()
    assert checks.the_key_is_safe(None) == []


def test_a_mistyped_witness_is_said(settings):
    settings.RECORD_WITNESSES = ["neighbour+00000000+AAAA"]

    assert [message.id for message in checks.somebody_else_watches(None)] == ["record.E005"]
