"""A chat model in this process, through langchain-huggingface: its weights are made here, nothing is downloaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Settings, Support
from assistant.prompts import NOTHING
from assistant.writing import local
from index.errors import ChatModelError, SettingsError
from tests.scripted import QUESTION
from tests.tiny_model import save_tiny_model

pytestmark = pytest.mark.slow

TRUE = "Panjang Jembatan Rantau Indah 640 meter."


@pytest.fixture(autouse=True)
def offline(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    yield
    local._shared.cache_clear()


def assistant(bridges, folder: Path, says: str = "", **settings) -> Assistant:
    return Assistant(bridges, settings=Settings(llm=f"huggingface:{save_tiny_model(folder, says)}", **settings))


def quoted(answer: Answer) -> bool:
    """Whether the embedded reader answered."""
    return answer.found and any(claim.quoted and "640 meter" in claim.text for claim in answer.claims)


def test_its_answer_streams_and_is_cited_and_verified(bridges, tmp_path) -> None:
    answers = list(assistant(bridges, tmp_path, TRUE).stream(QUESTION))
    assert any(answer.text and not answer.complete and len(answer.text) < len(TRUE) for answer in answers)
    answer = answers[-1]
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert answer.notice == ""
    assert answer.claims[0].support is Support.SUPPORTED
    (citation,) = answer.citations
    assert "640 meter" in citation.quote
    assert citation.article.text[citation.start : citation.end] == citation.quote
    assert answer.usage is not None
    assert (answer.usage.model, answer.usage.calls) == (f"huggingface:{tmp_path}", 1)
    assert answer.usage.output_tokens > 5


def test_what_it_says_wrongly_is_sent_back_once_and_not_shown(bridges, tmp_path) -> None:
    answer = assistant(bridges, tmp_path, "Panjang Jembatan Rantau Indah 912 meter.").ask(QUESTION)
    assert answer.usage is not None
    assert answer.usage.calls == 2
    assert "tidak didukung artikel" in answer.notice
    assert "912" not in answer.text
    assert not answer.found


def test_words_without_sense_are_never_taken_for_an_answer(bridges, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("assistant.writing.local.LONGEST_REPLY", 120)
    answer = assistant(bridges, tmp_path).ask(QUESTION)
    assert answer.complete
    assert answer.notice
    assert answer.usage is not None
    assert answer.usage.output_tokens > 20
    assert quoted(answer) or not answer.found


def test_its_own_refusal_is_one(bridges, tmp_path) -> None:
    answer = assistant(bridges, tmp_path, NOTHING["id"]).ask(QUESTION)
    assert not answer.found
    assert answer.usage is not None
    assert answer.usage.calls == 1


def test_it_is_not_asked_what_no_article_says(bridges, tmp_path) -> None:
    answer = assistant(bridges, tmp_path, TRUE).ask("Siapa pelatih tim bola voli Sulawesi Tengah?")
    assert not answer.found
    assert answer.usage is None or answer.usage.calls == 0


def test_its_time_is_limited(bridges, tmp_path) -> None:
    answer = assistant(bridges, tmp_path, llm_seconds=0.2).ask(QUESTION)
    assert quoted(answer)
    assert "tidak selesai pada waktunya" in answer.notice
    with pytest.raises(ChatModelError, match="in time"):
        assistant(bridges, tmp_path, llm_seconds=0.2, llm_failure="error").ask(QUESTION)


def test_assistants_share_what_is_loaded(bridges, tmp_path) -> None:
    first = assistant(bridges, tmp_path, TRUE)
    first.ask(QUESTION)
    first.with_settings(Settings(llm=first.settings.llm, confidence=0.5)).ask(QUESTION)
    assert local._shared.cache_info().misses == 1


def test_a_model_that_cannot_be_used_is_an_error_that_says_why(bridges, tmp_path) -> None:
    def refused(folder: Path, said: str) -> None:
        with pytest.raises(SettingsError, match=said):
            Assistant(bridges, settings=Settings(llm=f"huggingface:{folder}")).ask(QUESTION)

    refused(tmp_path / "missing", "Give a folder, or connect once")
    refused(tmp_path, "cannot be loaded")
    save_tiny_model(tmp_path, template=False)
    refused(tmp_path, "no chat template")


def test_without_its_package_the_command_to_install_it_is_given(bridges, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_huggingface", None)
    with pytest.raises(SettingsError, match=r"pip install 'tanya-berita\[huggingface\]'"):
        assistant(bridges, tmp_path, TRUE).ask(QUESTION)


def test_an_address_is_refused_rather_than_ignored(bridges, tmp_path) -> None:
    with pytest.raises(SettingsError, match="TANYA_LLM_URL is set"):
        assistant(bridges, tmp_path, llm_url="http://127.0.0.1:9/v1").ask(QUESTION)
