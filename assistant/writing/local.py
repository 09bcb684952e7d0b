"""A chat model run in this process: transformers, through LangChain's package for it."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from index.errors import SettingsError
from index.hub import load_model

from .budget import LONGEST_REPLY

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["local_model"]

_WAY_OUT: Final = "name another model in TANYA_LLM"
_loading = Lock()  # two first questions at once must not load it twice


def local_model(name: str, seconds: float) -> BaseChatModel:
    """The model in a folder, or of that name on the Hugging Face hub (downloaded where it has not been yet).

    Args:
        name: folder or name.
        seconds: how long it may write. Whoever stops listening earlier does not stop it: transformers writes in a
            thread of its own, which the end of the program waits for.

    Raises:
        SettingsError: there is no such model, it cannot be loaded, or it was not trained to converse.
        ImportError: langchain-huggingface is not installed.
    """
    import langchain_huggingface  # noqa: F401 - asked first: without it there is no use in a download

    with _loading:
        return _shared(name, seconds)


@lru_cache(maxsize=1)  # gigabytes, which the assistants of one process share
def _shared(name: str, seconds: float) -> BaseChatModel:
    def load(name: str, *, local_files_only: bool) -> BaseChatModel:
        return _load(name, seconds, local_files_only=local_files_only)

    return load_model(name, load, kind="chat model", error=SettingsError, way_out=_WAY_OUT)


def _load(name: str, seconds: float, *, local_files_only: bool) -> BaseChatModel:
    from langchain.chat_models import init_chat_model
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, local_files_only=local_files_only)
        if not tokenizer.chat_template:
            raise SettingsError(
                f"The chat model {name!r} has no chat template: it continues texts and was not trained to converse. "
                f"Take the version of it that was (names end in Instruct, it or chat), or {_WAY_OUT}"
            )
        model: BaseChatModel = init_chat_model(
            name,
            model_provider="huggingface",
            tokenizer=tokenizer,
            model_kwargs={"local_files_only": local_files_only},
            pipeline_kwargs={
                "max_new_tokens": LONGEST_REPLY,
                "max_time": seconds,
                "do_sample": False,
                "return_full_text": False,
                "add_special_tokens": False,  # the chat template has set them
            },
        )
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise SettingsError(
            f"The chat model {name!r} cannot be loaded: {reason}. Copy it again, or {_WAY_OUT}"
        ) from error
    return model
