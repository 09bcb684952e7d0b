"""Language models that are made here, of two small layers and a tokenizer that reads bytes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

_TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:"
_END = "</s>"


def tiny_model(words: int = 60) -> Callable[[str], str]:
    """Continues a prompt by so many tokens, the same ones each time: of random weights, without any sense."""
    import torch

    tokenizer, model = _made("")

    def continued(prompt: str) -> str:
        read = torch.tensor([tokenizer.encode(prompt[-400:])[-400:]])
        with torch.inference_mode():
            written = model.generate(
                read, attention_mask=torch.ones_like(read), max_new_tokens=words, do_sample=True, pad_token_id=0
            )
        return str(tokenizer.decode(written[0, read.shape[1] :]))

    return continued


def save_tiny_model(folder: Path, says: str = "", *, template: bool = True) -> str:
    """Puts a model into a folder as transformers keeps it, and gives the folder's name.

    ``says`` is what it answers whatever it is asked; no word may be in it twice. Without, its weights are random.
    """
    tokenizer, model = _made(says)
    if template:
        tokenizer.chat_template = _TEMPLATE
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return str(folder)


def _made(says: str) -> tuple[Any, Any]:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    # The byte-level alphabet writes a space as "Ġ". A word of the reply is one token, and no prompt is read as such.
    words = [f"Ġ{word}" for word in says.split()]
    vocabulary = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *words, _END]
    assert len(set(vocabulary)) == len(vocabulary), "a word is in the reply twice"
    tokenizer = Tokenizer(models.BPE({token: number for number, token in enumerate(vocabulary)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    torch.manual_seed(1)
    sizes = {"hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    last = len(vocabulary) - 1
    config = LlamaConfig(
        vocab_size=len(vocabulary), max_position_embeddings=8192, bos_token_id=None, eos_token_id=last, **sizes
    )
    model = LlamaForCausalLM(config).eval()
    if says:
        _learn_by_heart(model, [vocabulary.index(token) for token in (":", *words, _END)])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=_END, pad_token=_END), model


def _learn_by_heart(model: Any, tokens: list[int]) -> None:
    """After each token comes the next: the layers add nothing, and the output looks for the token before."""
    import torch

    with torch.no_grad():
        for layer in model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
        embedded = torch.nn.functional.normalize(torch.randn_like(model.model.embed_tokens.weight))
        model.model.embed_tokens.weight.copy_(embedded)
        model.lm_head.weight.zero_()
        for token, following in pairwise(tokens):
            model.lm_head.weight[following] = embedded[token]
