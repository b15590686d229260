"""The tiny model as the tests take it: as it was trained, in 4 bits, and with other chat templates."""

import json
import shutil
from pathlib import Path
from typing import Any

from transcripts import Conversation

CHECKPOINT = Path(__file__).with_name("checkpoint")

_WITH_SYSTEM = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def in_four_bits(folder: Path) -> Path:
    """Convert the weights as a user would."""
    import mlx_lm

    library: Any = mlx_lm  # its functions are typed in part only
    library.convert(str(CHECKPOINT), str(folder), quantize=True, q_bits=4, q_group_size=64)
    return folder


def with_template(folder: Path, template: str | None = _WITH_SYSTEM) -> Path:
    """The same weights with another chat template; None takes it away.

    With the system message the tiny model says nothing useful, but its prompt is as long as a real one.
    """
    shutil.copytree(CHECKPOINT, folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    del settings["chat_template"]
    told = settings if template is None else {**settings, "chat_template": template}
    (folder / "tokenizer_config.json").write_text(json.dumps(told))
    return folder


def write_vault(root: Path, conversation: Conversation) -> Path:
    """The vault of a conversation that the tiny model knows."""
    for name, text in conversation.files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return root
