"""``provider:model`` becomes a LangChain chat model, or a message that says what is missing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from index.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings

__all__ = ["connect", "model_name"]

# Provider -> what is installed for it: an extra of this package, or LangChain's package where there is no extra.
_INSTALL: Final = {
    "openai": "'tanya-berita[openai]'",
    "ollama": "'tanya-berita[ollama]'",
    "anthropic": "'tanya-berita[anthropic]'",
    "google_genai": "'tanya-berita[google]'",
    "huggingface": "'tanya-berita[huggingface]'",
}
_KEYS: Final = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google_genai": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "mistralai": ("MISTRAL_API_KEY",),
}
_NO_KEY: Final = "none"  # servers on one's own machine want no key, their clients want some string
_IN_PROCESS: Final = "huggingface"


def connect(settings: Settings) -> BaseChatModel:
    """The chat model that ``settings.llm`` names. Nothing is sent yet; one that runs in this process is loaded.

    Raises:
        SettingsError: no such provider, its package is not installed, its key is missing, or there is no such model.
    """
    provider, _, model = (settings.llm or "").partition(":")
    _check_key(provider, settings)
    try:
        return _connected(provider, model, settings)
    except ImportError as error:
        package = _INSTALL.get(provider, f"langchain-{provider.replace('_', '-')}")
        raise SettingsError(
            f"TANYA_LLM is {settings.llm!r}, and what {provider} needs is not installed; run: pip install {package}"
        ) from error
    except (ValueError, TypeError) as error:  # pydantic's errors are ValueErrors
        reason = " ".join(str(error).split())[:300]
        raise SettingsError(f"TANYA_LLM is {settings.llm!r}, which cannot be used: {reason}") from error


def model_name(model: BaseChatModel) -> str:
    """What a chat model is called: ``provider:model``, as far as it says so itself."""
    names = (getattr(model, field, None) for field in ("model_name", "model", "model_id"))
    name = next((name for name in names if name), None)
    return f"{model._llm_type}:{name}" if isinstance(name, str) else model._llm_type  # noqa: SLF001 - LangChain's name for it


def _connected(provider: str, model: str, settings: Settings) -> BaseChatModel:
    if provider == _IN_PROCESS:
        from .local import local_model

        if settings.llm_url:
            raise SettingsError(
                f"TANYA_LLM is {settings.llm!r}, which runs in this process, and TANYA_LLM_URL is set; unset it, or "
                "write openai:MODEL for a server (most speak OpenAI's protocol)"
            )
        return local_model(model, settings.llm_seconds)
    from langchain.chat_models import init_chat_model

    connected: BaseChatModel = init_chat_model(model, model_provider=provider, **_parameters(provider, settings))
    return connected


def _check_key(provider: str, settings: Settings) -> None:
    names = _KEYS.get(provider, ())
    if names and not (settings.llm_api_key or settings.llm_url or any(os.environ.get(name) for name in names)):
        raise SettingsError(
            f"TANYA_LLM is {settings.llm!r}, and there is no key for it; set TANYA_LLM_API_KEY or {names[0]},"
            " or TANYA_LLM_URL for a server that needs none"
        )


def _parameters(provider: str, settings: Settings) -> dict[str, Any]:
    """What the provider's class calls address, key and time limit. Retries are the writer's: it keeps the budget."""
    # The provider's own key never goes to an address that is not the provider's.
    key = settings.llm_api_key or (_NO_KEY if settings.llm_url else None)
    named: dict[str, Any] = {
        "base_url": settings.llm_url,
        "api_key": key,
        "timeout": settings.llm_seconds,
        "max_retries": 0,
    }
    match provider:
        case "openai":
            # Off at other addresses by default: servers that do not know it ignore it, others report tokens by it.
            named |= {"stream_usage": True, "temperature": 0.0 if settings.llm_url else None}
        case "ollama":
            headers = {"Authorization": f"Bearer {settings.llm_api_key}"} if settings.llm_api_key else {}
            named = {
                "base_url": settings.llm_url,
                "client_kwargs": {"timeout": settings.llm_seconds, "headers": headers},
                "temperature": 0.0,
                # Ollama silently cuts prompts at 4,096 tokens unless it is told how many come.
                "num_ctx": settings.llm_tokens // 2,
            }
        case "mistralai":
            named["endpoint"] = named.pop("base_url")
        case "anthropic" | "google_genai":
            pass
        case _:  # whatever LangChain knows beyond these: only what was set, under its most common name
            named = {"base_url": settings.llm_url, "api_key": settings.llm_api_key}
    return {name: value for name, value in named.items() if value is not None}
