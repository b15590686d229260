"""What a turn cost, in a quiet line. Pure."""

from collections.abc import Mapping, Sequence


def told_costs(steps: Sequence[Mapping[str, float]]) -> str | None:
    """The metrics of a turn's steps as a line; None where the model counts no tokens."""
    counted = [step for step in steps if "generated_tokens" in step]
    if not counted:
        return None
    parts = [_tokens(counted)]
    if "first_token_milliseconds" in counted[0]:
        parts.append(f"first word after {counted[0]['first_token_milliseconds'] / 1000:.1f} s")
    rates = [(step["generated_tokens"], step["tokens_per_second"]) for step in counted if "tokens_per_second" in step]
    if rates:
        seconds = sum(tokens / rate for tokens, rate in rates)
        parts.append(f"{sum(tokens for tokens, _ in rates) / seconds:.0f} tokens a second")
    return ", ".join(parts)


def _tokens(steps: Sequence[Mapping[str, float]]) -> str:
    written = f"{sum(step['generated_tokens'] for step in steps):,.0f} tokens written"
    if not all("prompt_tokens" in step for step in steps):
        return written
    read = f"{sum(step['prompt_tokens'] for step in steps):,.0f} read"
    if not any("cached_tokens" in step for step in steps):
        return f"{written}, {read}"
    return f"{written}, {read} ({sum(step.get('cached_tokens', 0) for step in steps):,.0f} known from before)"
