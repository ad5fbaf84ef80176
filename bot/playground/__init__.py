"""The playground: local stand-ins of the platforms and the page to try the bot on."""
