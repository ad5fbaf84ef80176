"""What people type, as what they ask."""

import pytest

from adapters.slack.commands import asked, asks_a_right, mentioned

HOME = "slack:T1"


@pytest.mark.parametrize(
    ("command", "text", "verb", "arguments"),
    [
        ("/achievements", "", "achievements", {}),
        ("/achievements", "<@U1|amira>", "achievements", {"member": "slack:T1/U1"}),
        ("/achievements", "@amira", "achievements", {"member": "@amira"}),
        ("/achievements", "me", "achievements", {}),
        ("/leaderboard", "", "leaderboard", {}),
        ("/leaderboard", "Helpers last month", "leaderboard", {"period": "helpers last month"}),
        ("/plaudit", "", "help", {}),
        ("/plaudit", "help", "help", {}),
        ("/plaudit", "fairness", "fairness", {}),
        ("/plaudit", "pause <@U1>", "pause", {"member": "slack:T1/U1"}),
        ("/plaudit", "Dance &lt;now", "help", {"word": "dance"}),
        ("/plaudit", "&lt;dance&gt;", "help", {"word": "<dance>"}),
        ("/plaudit", "achievements <@U1>", "achievements", {"member": "slack:T1/U1"}),
        ("/plaudit", "why Trusted helper", "why", {"achievement": "Trusted helper"}),
        ("/plaudit", "WHY “First &amp; post”", "why", {"achievement": "First & post"}),
        ("/plaudit", "why", "why", {}),
        ("/plaudit", "why-not Trusted helper", "why-not", {"achievement": "Trusted helper"}),
        ("/plaudit", "why-not x <@U1|a b>", "why-not", {"achievement": "x", "member": "slack:T1/U1"}),
        ("/plaudit", "why-not a b @Amira", "why-not", {"achievement": "a b", "member": "@amira"}),
        ("/plaudit", "why-not <@U1|a b> a b", "why-not", {"achievement": "a b", "member": "slack:T1/U1"}),
        ("/plaudit", "why-not @Amira x", "why-not", {"achievement": "x", "member": "@amira"}),
        ("/plaudit", "why-not helper @me", "why-not", {"achievement": "helper"}),
        ("/plaudit", "why-not a@b", "why-not", {"achievement": "a@b"}),
        ("/plaudit", "settings", "settings", {}),
        ("/plaudit", "settings announce private", "settings", {"choice": "announce=private"}),
        ("/plaudit", "settings boards=hidden", "settings", {"choice": "boards=hidden"}),
        ("/plaudit", "settings tracking: off", "settings", {"choice": "tracking=off"}),
        ("/plaudit", "settings timezone Europe/Lisbon", "settings", {"choice": "timezone=europe/lisbon"}),
        ("/plaudit", "settings language de", "settings", {"choice": "language=de"}),
        ("/plaudit", "settings quiet", "settings", {"choice": "quiet"}),
        (
            "/plaudit",
            "grant <@U1|a> first_post for the talk",
            "grant",
            {"member": "slack:T1/U1", "achievement": "first_post", "reason": "for the talk"},
        ),
        (
            "/plaudit",
            "grant <@U1|a> first_post talk <https://a.example/x?a=1&amp;b=2|slides> given",
            "grant",
            {
                "member": "slack:T1/U1",
                "achievement": "first_post",
                "reason": "talk given",
                "proof": "https://a.example/x?a=1&b=2",
            },
        ),
        (
            "/plaudit",
            "validate <@U1> workshop https://a.example/x",
            "validate",
            {
                "member": "slack:T1/U1",
                "kind": "workshop",
                "reason": "https://a.example/x",
                "proof": "https://a.example/x",
            },
        ),
        (
            "/plaudit",
            "grant <@U1> x as [said](<https://a.example/x>) there",
            "grant",
            {"member": "slack:T1/U1", "achievement": "x", "reason": "as [said](<https://a.example/x>) there"},
        ),
        ("/plaudit", "revoke <@U1>", "revoke", {"member": "slack:T1/U1"}),
        ("/plaudit", "grant", "grant", {}),
        ("/plaudit", "confirm <@U1> mentor", "confirm", {"member": "slack:T1/U1", "achievement": "mentor"}),
        (
            "/plaudit",
            "pause <@U1|a> 2026-07-01  2026-07-14 a long holiday",
            "pause",
            {"member": "slack:T1/U1", "from": "2026-07-01", "until": "2026-07-14", "reason": "a long holiday"},
        ),
        ("/plaudit", "pause <@U1> 2026-07-01", "pause", {"member": "slack:T1/U1", "from": "2026-07-01"}),
        ("/plaudit", "freeze <@U1> 2026-07-01", "freeze", {"member": "slack:T1/U1", "day": "2026-07-01"}),
        (
            "/plaudit",
            "freeze <@U1> 2026-07-01 Daily learner",
            "freeze",
            {"member": "slack:T1/U1", "day": "2026-07-01", "achievement": "Daily learner"},
        ),
        ("/plaudit", "  grant   @amira   x   y ", "grant", {"member": "@amira", "achievement": "x", "reason": "y"}),
    ],
)
def test_typed_commands_are_understood(command: str, text: str, verb: str, arguments: dict[str, str]) -> None:
    found = asked(command, text, HOME)
    assert (found.verb, dict(found.arguments)) == (verb, arguments)


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("<@UBOT> achievements", "achievements"),
        ("<@UBOT|plaudit>  Leaderboard week", "leaderboard"),
        ("<@UBOT>", "help"),
        ("<@UBOT> help!", "help"),
        ("<@UBOT> is nice", None),
        ("thanks <@UBOT>", None),
        ("<@UOTHER> achievements", None),
        ("achievements", None),
        ("", None),
    ],
)
def test_a_mention_asks_only_when_it_begins_the_message_and_a_verb_follows(text: str, verb: str | None) -> None:
    found = mentioned(text, "UBOT", HOME)
    assert (found.verb if found else None) == verb


@pytest.mark.parametrize(
    ("verb", "arguments", "right"),
    [
        ("grant", {}, True),
        ("pause", {}, True),
        ("freeze", {}, True),
        ("why-not", {"member": "slack:T1/U1"}, True),
        ("why-not", {}, False),
        ("why", {}, False),
    ],
)
def test_asking_about_somebody_else_needs_a_right(verb: str, arguments: dict[str, str], right: bool) -> None:
    assert asks_a_right(verb, arguments) is right
