"""The history of the tables. `upgrade` brings a database to this version, after a backup."""
