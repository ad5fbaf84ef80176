"""Slack's export file: `users.json`, `channels.json`, `groups.json` and one file per channel and day."""

from adapters.imports.slack_export.export import Report, SlackExport, open_export

__all__ = ["Report", "SlackExport", "open_export"]
