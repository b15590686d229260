"""Trains the tiny model of these tests, in about a minute on two cores.

A Qwen3 of half a million parameters learns a few conversations by heart, so that a backend is tested with real
weights, real tokens and real tags. Its chat template leaves the system message out: the prompt may change
without a new training.

    .venv/bin/python tests/tiny_model/train.py
"""

# pyright: basic, reportMissingTypeStubs=false
# Basic, since mlx has no types for its layers and optimizers.

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import mlx.core as mx
import mlx.nn as nn
import mlx.optimizers as optim
from mlx.utils import tree_flatten, tree_map
from mlx_lm.models.qwen3 import Model, ModelArgs
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.base import Message
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from transcripts import CONVERSATIONS, Conversation

FOLDER = Path(__file__).with_name("checkpoint")
START, END, PADDING = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
TEMPLATE = (
    "{% for message in messages if message.role != 'system' %}"
    "<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
VOCABULARY = 583
GOOD_ENOUGH = 0.003
MOST_STEPS = 2_000

Example = tuple[tuple[Message, ...], str]
"""The messages of a call, and what the model answers."""


async def examples_of(conversation: Conversation) -> list[Example]:
    """Play the conversation with the real agent, and keep each call."""
    sandbox = Sandbox()
    history: tuple[Message, ...] = ()
    found: list[Example] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, text in conversation.files.items():
            place = Path(folder, name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        for taught in conversation.turns:
            model = ScriptedModel(taught.outputs)
            turn = Turn(
                model=model,
                sandbox=sandbox,
                memory=Memory(Vault(Path(folder))),
                history=history,
                question=taught.question,
            )
            async for _ in turn.events():
                pass
            history += turn.messages
            found += zip(model.calls, taught.outputs, strict=True)
    await sandbox.close()
    return found


def rendered(messages: Sequence[Message]) -> str:
    """The messages as the chat template writes them."""
    told = "".join(
        f"{START}{message.role}\n{message.content}{END}\n" for message in messages if message.role != "system"
    )
    return f"{told}{START}assistant\n"


def trained_tokenizer(texts: Sequence[str]) -> Tokenizer:
    """A byte-level BPE tokenizer for the texts."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[PADDING, START, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def batch_of(tokenizer: Tokenizer, examples: Sequence[Example]) -> tuple[mx.array, mx.array]:
    """Token ids (examples, length), and 1 where the token is the model's to say."""
    rows: list[tuple[list[int], list[int]]] = []
    for messages, output in examples:
        asked = tokenizer.encode(rendered(messages)).ids
        said = tokenizer.encode(f"{output}{END}").ids
        rows.append((asked + said, [0] * len(asked) + [1] * len(said)))
    longest = max(len(ids) for ids, _ in rows)
    ids = mx.array([ids + [0] * (longest - len(ids)) for ids, _ in rows])
    mask = mx.array([mask + [0] * (longest - len(mask)) for _, mask in rows])
    return ids, mask


def trained_model(arguments: ModelArgs, ids: mx.array, mask: mx.array) -> Model:
    """Train until the examples are known by heart.

    Raises:
        SystemExit: they are not after the most steps.

    """
    mx.random.seed(7)
    model = Model(arguments)
    model.update(
        tree_map(
            lambda weight: weight if weight.ndim < 2 else 0.02 * mx.random.normal(weight.shape), model.parameters()
        )
    )
    rate = optim.join_schedules([optim.linear_schedule(0, 3e-3, 20), optim.cosine_decay(3e-3, MOST_STEPS, 3e-4)], [20])
    optimizer = optim.AdamW(rate, weight_decay=0.01)

    def loss_of(model: Model, ids: mx.array, mask: mx.array) -> mx.array:
        losses = nn.losses.cross_entropy(model(ids[:, :-1]), ids[:, 1:])
        wanted = mask[:, 1:]
        return (losses * wanted).sum() / wanted.sum()

    step_of = nn.value_and_grad(model, loss_of)
    for step in range(MOST_STEPS):
        loss, gradients = step_of(model, ids, mask)
        gradients, _ = optim.clip_grad_norm(gradients, 1.0)
        optimizer.update(model, gradients)
        mx.eval(model.parameters(), optimizer.state, loss)
        if step % 50 == 0:
            print(f"step {step}: loss {loss.item():.4f}", flush=True)
        if loss.item() < GOOD_ENOUGH:
            print(f"step {step}: loss {loss.item():.4f}, known by heart", flush=True)
            return model
    raise SystemExit("The examples are not known by heart; nothing is written.")


def main() -> None:
    """Train and write the checkpoint."""
    began = time.monotonic()
    examples = [example for conversation in CONVERSATIONS for example in asyncio.run(examples_of(conversation))]
    tokenizer = trained_tokenizer([rendered(messages) + output for messages, output in examples])
    config = {
        "model_type": "qwen3",
        "architectures": ["Qwen3ForCausalLM"],
        "hidden_size": 128,
        "num_hidden_layers": 2,
        "intermediate_size": 384,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 32,
        "rms_norm_eps": 1e-6,
        "vocab_size": tokenizer.get_vocab_size(),
        "max_position_embeddings": 4096,
        "rope_theta": 10_000.0,
        "tie_word_embeddings": True,
        "bos_token_id": tokenizer.token_to_id(PADDING),
        "eos_token_id": tokenizer.token_to_id(END),
        "torch_dtype": "float32",
    }
    model = trained_model(ModelArgs.from_dict(config), *batch_of(tokenizer, examples))
    FOLDER.mkdir(exist_ok=True)
    weights = {name: weight.astype(mx.bfloat16) for name, weight in dict(tree_flatten(model.parameters())).items()}
    mx.save_safetensors(str(FOLDER / "model.safetensors"), weights, metadata={"format": "mlx"})
    (FOLDER / "config.json").write_text(json.dumps({**config, "torch_dtype": "bfloat16"}, indent=2) + "\n")
    tokenizer.save(str(FOLDER / "tokenizer.json"))
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": END,
        "pad_token": PADDING,
        "model_max_length": 4096,
        "chat_template": TEMPLATE,
    }
    (FOLDER / "tokenizer_config.json").write_text(json.dumps(tokenizer_config, indent=2) + "\n")
    print(f"{len(examples)} calls, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
