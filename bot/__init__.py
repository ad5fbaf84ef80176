"""The application: settings, wiring, command line and playground."""
