"""What is said of a model that runs on another machine, before anything is sent there."""

AWAY = "The model runs on {}, not on this machine: it gets your questions and what it reads from your vault."
