"""What counts for a rule, and when its goal is reached.

`tally` says it for all counted events at once (replay, recount, explanations); `step` says it for one more event that
is later than all before it (live traffic). Both must agree: `plaudit verify` compares them.
"""
