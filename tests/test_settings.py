from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest

from assistant.settings import MAX_TOP_K, Settings
from index.errors import SettingsError


@pytest.mark.parametrize("auth", ["rina", ":x", "rina:", "rina:x,,budi:y"])
def test_a_login_that_cannot_be_used_is_refused_and_not_repeated(auth):
    with pytest.raises(SettingsError, match="TANYA_UI_AUTH") as raised:
        Settings(ui_auth=auth)
    assert "rina" not in str(raised.value)
    assert Settings(ui_auth="rina:a:b, budi:c").logins == {"rina": "a:b", "budi": "c"}
    assert "a:b" not in repr(Settings(ui_auth="rina:a:b"))


def test_every_field_is_read_from_its_variable(tmp_path):
    environ = {
        "TANYA_INDEX": str(tmp_path),
        "TANYA_EMBEDDING": "model",
        "TANYA_RERANKER": "off",
        "TANYA_CHROMA_URL": "http://localhost:8000",
        "TANYA_CHROMA_API_KEY": "ck-1",
        "TANYA_CHROMA_TENANT": "t",
        "TANYA_CHROMA_DATABASE": "d",
        "TANYA_CHROMA_COLLECTION": "c",
        "TANYA_TOP_K": "7",
        "TANYA_CONFIDENCE": "0.65",
        "TANYA_UI_READ_ONLY": "1",
        "TANYA_UI_AUTH": "rina:rahasia:1, budi:lain",
        "TANYA_UI_RATE": "5",
        "TANYA_UI_UPLOAD_FILES": "3",
        "TANYA_UI_UPLOAD_MB": "4",
        "TANYA_UI_FEEDBACK": str(tmp_path / "feedback.jsonl"),
        "TANYA_LLM": "ollama:qwen3:4b",
        "TANYA_LLM_URL": "http://localhost:11434",
        "TANYA_LLM_API_KEY": "sk-1",
        "TANYA_LLM_SECONDS": "30.5",
        "TANYA_LLM_TOKENS": "4000",
        "TANYA_LLM_FAILURE": "error",
        "TANYA_LLM_UNSUPPORTED": "remove",
        "TANYA_LLM_CACHE": str(tmp_path / "cache"),
    }
    settings = Settings.from_env(environ)
    given = {spec.name: getattr(settings, spec.name) for spec in fields(settings)}
    assert given == {
        "index": tmp_path,
        "embedding": "model",
        "reranker": "off",
        "chroma_url": "http://localhost:8000",
        "chroma_api_key": "ck-1",
        "chroma_tenant": "t",
        "chroma_database": "d",
        "chroma_collection": "c",
        "top_k": 7,
        "confidence": 0.65,
        "precision": None,  # in place of a confidence, never beside it
        "ui_read_only": True,
        "ui_auth": "rina:rahasia:1, budi:lain",
        "ui_rate": 5,
        "ui_upload_files": 3,
        "ui_upload_mb": 4,
        "ui_feedback": tmp_path / "feedback.jsonl",
        "llm": "ollama:qwen3:4b",
        "llm_url": "http://localhost:11434",
        "llm_api_key": "sk-1",
        "llm_seconds": 30.5,
        "llm_tokens": 4000,
        "llm_failure": "error",
        "llm_unsupported": "remove",
        "llm_cache": tmp_path / "cache",
    }


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TANYA_LLM", "gpt"),
        ("TANYA_LLM", "openai:"),
        ("TANYA_LLM", ":model"),
        ("TANYA_LLM_URL", "localhost"),
        ("TANYA_LLM_SECONDS", "0"),
        ("TANYA_LLM_SECONDS", "lama"),
        ("TANYA_LLM_TOKENS", "100"),
        ("TANYA_LLM_FAILURE", "diam"),
        ("TANYA_LLM_UNSUPPORTED", "sembunyi"),
    ],
)
def test_a_chat_model_setting_that_cannot_be_used_is_refused_by_name(variable, value):
    with pytest.raises(SettingsError, match=rf"^{variable} is "):
        Settings.from_env({variable: value})


def test_the_key_of_a_chat_model_is_never_shown():
    settings = Settings(llm="openai:m", llm_api_key="sk-secret")
    assert "sk-secret" not in repr(settings)
    with pytest.raises(SettingsError, match="TANYA_LLM_API_KEY") as refused:
        Settings(llm_url="http://user:hush@host/")
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("value", ["banyak", "1.5", "-0.1", "nan"])
def test_a_confidence_that_is_no_probability_is_refused(value):
    with pytest.raises(SettingsError, match="TANYA_CONFIDENCE"):
        Settings.from_env({"TANYA_CONFIDENCE": value})


def test_keyword_arguments_go_before_the_environment_and_none_does_not(tmp_path):
    environ = {"TANYA_INDEX": "/elsewhere", "TANYA_TOP_K": "7"}
    settings = Settings.from_env(environ, index=tmp_path, top_k=None)
    assert settings.index == tmp_path
    assert settings.top_k == 7


def test_empty_variable_counts_as_unset():
    assert Settings.from_env({"TANYA_TOP_K": " ", "TANYA_EMBEDDING": ""}) == Settings()


def test_the_process_environment_is_the_default(monkeypatch, tmp_path):
    monkeypatch.setenv("TANYA_INDEX", str(tmp_path))
    assert Settings.from_env().index == tmp_path


def test_default_index_follows_xdg_and_home(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Settings().index == tmp_path / "data" / "tanya-berita" / "index"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings().index == tmp_path / ".local" / "share" / "tanya-berita" / "index"


def test_home_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings.from_env({"TANYA_INDEX": "~/berita"}).index == tmp_path / "berita"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TANYA_TOP_K", "banyak"),
        ("TANYA_TOP_K", "0"),
        ("TANYA_TOP_K", "3.5"),
        ("TANYA_TOP_K", str(MAX_TOP_K + 1)),
        ("TANYA_CHROMA_URL", "localhost:8000"),
        ("TANYA_CHROMA_URL", "http://"),
        ("TANYA_CHROMA_URL", "http://host:99999"),
        ("TANYA_INDEX", "~no-such-user-here/x"),
    ],
)
def test_a_bad_value_is_refused_by_variable_value_and_what_is_allowed(variable, value):
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({variable: value})
    assert variable in str(caught.value)
    assert value in str(caught.value)


def test_what_is_allowed_is_said():
    with pytest.raises(SettingsError, match=f"1 to {MAX_TOP_K}"):
        Settings(top_k=0)
    with pytest.raises(SettingsError, match="http://localhost:8000"):
        Settings(chroma_url="ftp://host")


def test_a_place_on_a_server_needs_the_server():
    for name in ("tenant", "database", "collection"):
        with pytest.raises(SettingsError, match=f"TANYA_CHROMA_{name.upper()}.*TANYA_CHROMA_URL"):
            Settings.from_env({f"TANYA_CHROMA_{name.upper()}": "x"})
    assert Settings(chroma_api_key="ck", chroma_database="d").on_server
    assert Settings(chroma_url="http://localhost:8000", chroma_tenant="t").on_server
    assert not Settings().on_server


def test_the_key_is_never_shown():
    secret = "ck-very-secret"
    settings = Settings(chroma_url="https://chroma.example", chroma_api_key=secret)
    assert secret not in repr(settings)
    assert secret not in str(settings)
    with pytest.raises(SettingsError) as caught:
        Settings(chroma_url=f"https://user:{secret}@chroma.example")
    assert secret not in str(caught.value)
    assert "TANYA_CHROMA_API_KEY" in str(caught.value)


def test_unknown_setting_and_change_afterwards_are_refused():
    with pytest.raises(TypeError, match="folder"):
        Settings.from_env({}, folder="x")
    with pytest.raises(FrozenInstanceError):
        Settings().top_k = 3
