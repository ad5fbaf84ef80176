"""The decisions of Plaudit: events, rules, awards, cards. Pure: no I/O, no clock, no platform."""
