"""Claims with their appeals, codes for posters, tracked links"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False, comment="counted up within the community: people read it"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("achievement", sa.Text(), nullable=True, comment="empty: something that no badge is named for"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False, comment="a yes is a grant; else a validated action"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it happened, as the person says"),
        sa.Column("proof", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True, comment="in the person's words; here only, never in the log"),
        sa.Column("channel", sa.Text(), nullable=True, comment="where it was claimed: answers are shown there"),
        sa.Column("state", sa.Text(), nullable=False, comment="open, approved, declined"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "proposal",
            sa.Text(),
            nullable=True,
            comment="source and id of the machine's statement; empty for people's claims",
        ),
        sa.Column("confidence", sa.Text(), nullable=True, comment="exact decimal from 0 to 1"),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("community", "id"),
        sa.UniqueConstraint("community", "proposal"),
        comment="claims; whoever turns an open one into another state decides",
    )
    op.create_index("claim_member", "claim", ["community", "member"])
    op.create_index("claim_open", "claim", ["community", "opened_at"], sqlite_where=sa.text("state = 'open'"))
    op.create_table(
        "appeal",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "decision", sa.Text(), nullable=False, comment="what it is about, as claim:17 or award:helper:1700000000"
        ),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, comment="in the person's words; here only, never in the log"),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False, comment="open, restored, kept"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("community", "id"),
        sa.UniqueConstraint("community", "member", "decision"),
        comment="one for each decision",
    )
    op.create_table(
        "code",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="the code itself is shown once"),
        sa.Column("type", sa.Text(), nullable=False, comment="of the event that a redemption is"),
        sa.Column(
            "achievement",
            sa.Text(),
            nullable=True,
            comment="a redemption gives it by hand; empty: rules count the event",
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("opens", sa.BigInteger(), nullable=False),
        sa.Column("closes", sa.BigInteger(), nullable=False, comment="the first moment that is too late"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "name"),
        sa.UniqueConstraint("hash"),
    )
    op.create_table(
        "redemption",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="its name"),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "code", "member"),
        comment="once per person",
    )
    op.create_table(
        "confirmation",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False, comment="the name of the code that the page had"),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "hash"),
        comment="what the page shows and the person types in the chat; gone once used",
    )
    op.create_table(
        "guess",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, comment="a member with their community, or a masked address"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="wrong codes of the last minutes",
    )
    op.create_index("guess_who", "guess", ["who", "at"])
    op.create_table(
        "link",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False, comment="JSON: what each visit says"),
        sa.Column(
            "visits", sa.Integer(), nullable=False, comment="all of them, also those that say nothing about anybody"
        ),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("community", "name"),
        sa.UniqueConstraint("code"),
    )
