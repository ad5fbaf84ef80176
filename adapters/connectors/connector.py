"""The seam of every connector, from one place."""

from __future__ import annotations

from core.connectors import Connector, Incoming, Normalised, Proof, Service, Unreachable

__all__ = ["Connector", "Incoming", "Normalised", "Proof", "Service", "Unreachable"]
