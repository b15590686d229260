"""A program with the manners of ``vllm serve``: workers of its own, a slow start, and every kind of trouble.

The file that STAND_IN names says how it behaves: ``load`` seconds, ``crash`` (how often it ends while it starts),
``hang`` ("starting", or "answering" for one answer), ``die`` (in the middle of one answer, for no reason or "of
memory"), ``starve`` (finds too little memory while it starts), ``killed`` (by the system, while it starts).
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MANNERS = Path(os.environ["STAND_IN"])
REPLY = ["<think>\nI know.\n</think>\n", "<python></python>\n", "<reply>\n", "Yes.", "\n</reply>"]


def manners() -> dict[str, object]:
    return json.loads(MANNERS.read_text())


def once(name: str) -> object:
    """What is to be done a number of times; it is counted down."""
    now = manners()
    left = now.pop(name, None)
    if isinstance(left, int) and left > 1:
        now[name] = left - 1
    MANNERS.write_text(json.dumps(now))
    return left


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if manners().get("stuck"):
            time.sleep(600)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        if self.path == "/v1/models":
            self.wfile.write(b'{"data": [{"id": "robin/tiny", "max_model_len": 4096}]}')

    def do_POST(self) -> None:
        if self.headers.get("Authorization") != f"Bearer {os.environ['VLLM_API_KEY']}":
            self.send_response(401)
            self.end_headers()
            return
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"count": 7 * len(body["messages"]), "max_model_len": 4096}).encode())
            return
        die, hang = once("die"), manners().get("hang") == "answering" and once("hang")
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        seed = f" (seed {body['seed']})" if "seed" in body else ""
        for number, text in enumerate([*REPLY[:-2], REPLY[-2] + seed, REPLY[-1]], 1):
            usage = {"prompt_tokens": 90, "completion_tokens": number}
            self._say({"choices": [{"delta": {"content": text}, "finish_reason": None}], "usage": usage})
            if die and number == 2:
                if die == "of memory":
                    print("torch.OutOfMemoryError: CUDA out of memory.", flush=True)
                os._exit(1)
            if hang and number == 2:
                MANNERS.write_text(json.dumps({**manners(), "stuck": True}))
                time.sleep(600)
        self._say({"choices": [{"delta": {"content": ""}, "finish_reason": "stop"}]})
        figures = {"prompt_tokens": 90, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 80}}
        self._say({"choices": [], "usage": figures})
        self.wfile.write(b"data: [DONE]\n\n")

    def _say(self, data: Mapping[str, object]) -> None:
        self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def main() -> None:
    with Path(f"{MANNERS}.began").open("a") as began:
        began.write(json.dumps({"pid": os.getpid(), "arguments": sys.argv[1:]}) + "\n")
    MANNERS.write_text(json.dumps({key: value for key, value in manners().items() if key != "stuck"}))
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "VLLM::Worker"])
    print("Loading safetensors checkpoint shards:  50% Completed | 1/2", flush=True)
    if once("crash"):
        print("RuntimeError: the weights are of another kind.", flush=True)
        os._exit(1)
    if manners().get("starve"):
        print("ValueError: No available memory for the cache blocks.\nRuntimeError: Engine core failed.", flush=True)
        os._exit(1)
    if manners().get("killed"):
        os.kill(os.getpid(), signal.SIGKILL)
    if manners().get("hang") == "starting":
        time.sleep(600)
    time.sleep(float(str(manners().get("load", 0.0))))
    port = int(sys.argv[sys.argv.index("--port") + 1])
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


main()
