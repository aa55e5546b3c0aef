"""
The tiny chat model as a GGUF file that llama.cpp reads: weights, tokenizer and chat template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import torch
from tiny_lm_model import BASE, EPSILON, FEED, HEAD, HEADS, LAYERS, WIDTH, TinyLM, turning_speeds
from tokenizers import Tokenizer
from torch import Tensor

__all__ = ["END", "SPECIAL", "export"]

CONTEXT = 2048
SPECIAL = ["<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
END = 0  # place of the first in the vocabulary
# Copying runs through the attention, which keeps 16 bits. llama.cpp has kernels with AMX tiles for 8-bit and 4-bit
# types; GCC 12 miscompiles their set-up (a segmentation fault at `ldtilecfg`), so the file holds none of those types.
MATRIX, FEED_MATRIX, VECTOR = (gguf.GGMLQuantizationType[kind] for kind in ("F16", "Q5_1", "F32"))
# A space before every system and user text: the first word is then cut into the same pieces as inside a sentence.
TEMPLATE = (
    "{%- for message in messages -%}"
    "{%- set role = 'assistant' if message['role'] == 'assistant' else "
    "'system' if message['role'] in ['system', 'developer'] else 'user' -%}"
    "{{- '<|' + role + '|>' + ('' if role == 'assistant' else ' ') -}}"
    "{%- if message['content'] is string -%}{{- message['content'] | trim -}}"
    "{%- elif message['content'] -%}{%- for part in message['content'] -%}{{- part.get('text', '') -}}{%- endfor -%}"
    "{%- endif -%}{{- '<|end|>' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)


def export(model: TinyLM, tokenizer: Tokenizer, out: Path) -> None:
    """Write *model* and its tokenizer to *out*: attention in 16 bits, feed-forward in 6, vectors in 32."""
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    merges = [" ".join(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]]
    part = out.with_suffix(".part")
    writer = gguf.GGUFWriter(str(part), "llama")
    writer.add_name("hybrid-guard tiny chat")
    writer.add_description("a stand-in for a local model; trained on generated text only")
    writer.add_license("Apache-2.0")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(BASE)
    writer.add_vocab_size(len(vocabulary))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")  # single digits, then the pieces of GPT-2
    writer.add_token_list([token for token, _ in vocabulary])
    writer.add_token_types(
        [gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token, _ in vocabulary]
    )
    writer.add_token_merges(merges)
    for add in (writer.add_bos_token_id, writer.add_eos_token_id, writer.add_pad_token_id):
        add(END)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for title, tensor in _tensors(model):
        data = tensor.detach().float().numpy()
        kind = VECTOR if data.ndim == 1 else FEED_MATRIX if "ffn" in title else MATRIX
        writer.add_tensor(title, gguf.quants.quantize(data, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(out)


def _tensors(model: TinyLM) -> Iterator[tuple[str, Tensor]]:
    """Names of llama.cpp and the weights, in file order."""
    own = BASE ** (-np.arange(HEAD // 2) * 2 / HEAD)
    factors = own / np.maximum(turning_speeds(), 1e-12)
    yield "rope_freqs.weight", torch.tensor(factors, dtype=torch.float32)
    yield "token_embd.weight", model.embed.weight
    yield "output_norm.weight", model.norm.weight
    for index, layer in enumerate(model.layers):
        named = {
            "attn_norm": layer.attn_norm,
            "ffn_norm": layer.ffn_norm,
            "attn_q": layer.q,
            "attn_k": layer.k,
            "attn_v": layer.v,
            "attn_output": layer.o,
            "ffn_gate": layer.gate,
            "ffn_up": layer.up,
            "ffn_down": layer.down,
        }
        for title, part in named.items():
            yield f"blk.{index}.{title}.weight", part.weight
            if getattr(part, "bias", None) is not None:
                yield f"blk.{index}.{title}.bias", part.bias
