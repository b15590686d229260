"""Errors of the network and the disk are told in words, however deep they are wrapped."""

import errno
import os
import re
import socket
import ssl
import urllib.error
from pathlib import Path

import pytest

from commonplace.models.servers import NoAnswer, list_models
from commonplace.models.trouble import in_words


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "nothing answers there"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "the connection broke"),
        (TimeoutError(), "no answer came in time"),
        (socket.gaierror(-2, "Name or service not known"), "is there a network?"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "there is no network"),
        (OSError(errno.ENOSPC, "No space left on device"), os.strerror(errno.ENOSPC).lower()),
        (urllib.error.URLError(ConnectionRefusedError(errno.ECONNREFUSED, "x")), "nothing answers there"),
    ],
)
def test_each_kind_has_words_and_no_number(error: OSError, said: str) -> None:
    told = in_words(error)
    assert told is not None
    assert said in told
    assert not re.search(r"\d|Errno", told)


def test_a_certificate_that_is_not_trusted_is_called_so() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    assert in_words(urllib.error.URLError(error)) == "its certificate is not trusted"


def test_an_error_is_found_under_those_that_wrap_it(tmp_path: Path) -> None:
    class Wrapped(Exception):
        pass

    with pytest.raises(Wrapped) as caught:
        try:
            try:
                (tmp_path / "missing").read_bytes()
            except OSError as error:
                raise Wrapped("[Errno 2] of something") from error
        except Wrapped as error:
            raise Wrapped("Got: Wrapped: [Errno 2]") from error
    assert in_words(caught.value) == os.strerror(errno.ENOENT).lower()
    assert in_words(ValueError("no words")) is None


def test_a_server_that_is_away_or_speaks_something_else_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NoAnswer, match=r"^no answer came in time$"):
            list_models(f"http://127.0.0.1:{port}/v1", seconds=0.1)
    with pytest.raises(NoAnswer, match=r"^nothing answers there$"):
        list_models(f"http://127.0.0.1:{port}/v1")
    with pytest.raises(NoAnswer, match=r"^it is no model server$"):
        list_models("no address")
