"""Keys of model servers in the system's keyring, by a name that the user gives them."""

from typing import Any

_SERVICE = "commonplace"


class KeychainError(Exception):
    """The keyring cannot be used, or has no such key; the text says what to type."""


def read_key(name: str) -> str:
    """The key of that name.

    Raises:
        KeychainError.

    """
    library = _keyring()
    try:
        key = library.get_password(_SERVICE, name)
    except library.errors.KeyringError as error:
        raise KeychainError(_unusable(error)) from None
    if not key:
        raise KeychainError(f"The keyring has no key named {name!r}. Type: commonplace model key {name}")
    return str(key)


def keep_key(name: str, key: str) -> None:
    """Keep a key under that name, in place of the one before.

    Raises:
        KeychainError.

    """
    library = _keyring()
    try:
        library.set_password(_SERVICE, name, key)
    except library.errors.KeyringError as error:
        raise KeychainError(_unusable(error)) from None


def _keyring() -> Any:
    """The library, whose functions are typed in part only."""
    try:
        import keyring
    except ImportError:
        raise KeychainError(
            "keyring is not installed. Type: uv tool install --force '.[keyring]' in the checkout, "
            "or name a variable instead: commonplace config set model.api_key_env OPENROUTER_API_KEY"
        ) from None
    return keyring  # it brings keyring.errors


def _unusable(error: Exception) -> str:
    reason = str(error).partition("\n")[0].rstrip(".") or type(error).__name__
    return (
        f"The system's keyring cannot be used ({reason}). Name a variable that holds the key instead: "
        "commonplace config set model.api_key_env OPENROUTER_API_KEY"
    )
