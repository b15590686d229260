"""A benchmark of memory agents: tasks over vaults, checked by rules, and by a model that judges if one is named."""
