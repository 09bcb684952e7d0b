"""API keys: hashes on disk, scopes, revoking, and never "no keys" by mistake."""

from __future__ import annotations

import json
import stat

import pytest

from index.errors import SettingsError
from server.keys import KeyRing


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "folder" / "keys.json")


def test_a_key_is_found_by_its_secret_and_by_nothing_else(ring):
    secret = ring.add("redaksi", ("read", "write"), rate=7)
    key = ring.find(secret)
    assert (key.name, key.scopes, key.rate) == ("redaksi", {"read", "write"}, 7)
    other = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    for wrong in ("", "tanya_", other, secret.upper(), secret + " ", key.digest, "redaksi", "tanya_" + "x" * 100_000):
        assert ring.find(wrong) is None


def test_the_file_holds_no_secret_and_is_its_owners_alone(ring):
    secret = ring.add("redaksi")
    text = ring.path.read_text(encoding="utf-8")
    assert secret not in text
    assert secret.removeprefix("tanya_") not in text
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert secret not in repr(ring.find(secret))


def test_secrets_differ(ring):
    assert len({ring.add(f"key-{number}") for number in range(20)}) == 20


def test_another_process_sees_what_was_added_and_revoked(ring):
    elsewhere = KeyRing(ring.path)
    assert len(elsewhere) == 0
    secret = ring.add("redaksi")
    assert elsewhere.find(secret) is not None
    ring.add("riset")
    ring.revoke("redaksi")
    assert elsewhere.find(secret) is None
    assert [key.name for key in elsewhere] == ["riset"]


@pytest.mark.parametrize(
    "change",
    [
        lambda ring: ring.add("redaksi"),
        lambda ring: ring.add("../redaksi"),
        lambda ring: ring.add(""),
        lambda ring: ring.add("a\nb"),
        lambda ring: ring.add("other", ("admin",)),
        lambda ring: ring.add("other", ()),
        lambda ring: ring.revoke("nobody"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(ring, change):
    ring.add("redaksi")
    before = ring.path.read_bytes()
    with pytest.raises(SettingsError):
        change(ring)
    assert ring.path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"keys": [{"name": "x"}]}', '{"keys": 3}'])
def test_a_damaged_file_is_an_error_and_not_an_open_door(ring, text):
    ring.add("redaksi")
    ring.path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be read"):
        len(KeyRing(ring.path))
    with pytest.raises(SettingsError, match="cannot be read"):
        ring.add("second")
    assert ring.path.read_text(encoding="utf-8") == text


def test_what_is_kept_reads_back(ring):
    ring.add("redaksi", ("read",), rate=30)
    (row,) = json.loads(ring.path.read_text(encoding="utf-8"))["keys"]
    assert row["name"] == "redaksi"
    assert row["scopes"] == ["read"]
    (key,) = KeyRing(ring.path)
    assert key == next(iter(ring))
    assert key.created.tzinfo is not None
