"""HTTP: signed webhooks in, and whether the bot is alive and ready."""
