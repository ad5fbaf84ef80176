"""History from files: what happened before the bot came."""
