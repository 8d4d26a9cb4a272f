"""Tables of accounts."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from recruit.database import Base, Model, UTCDateTime, now


class RoleName(StrEnum):
    """Roles that hold in the whole organisation; the others are held per requisition."""

    ADMINISTRATOR = "administrator"
    RECRUITER = "recruiter"


role_of_user = Table(
    "role_of_user",
    Base.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    """A role in the whole organisation."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))


class User(Model, UserMixin):
    """A person with an account."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str] = mapped_column(String(2), default="sv")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    link_nonce: Mapped[str] = mapped_column(String(64), default=lambda: secrets.token_hex(16))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=role_of_user, lazy="selectin"
    )

    @property
    def recipient(self) -> str:
        """How mails name the person."""
        return f"user:{self.id}"

    @property
    def address(self) -> str:
        """Where mail reaches the person; empty when the account is closed."""
        return self.email if self.active else ""


class Identity(Model):
    """Who a person with an account is at the organisation's OpenID Connect provider."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("user_id", "issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    tied_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class SignIn(Model):
    """A browser in which somebody is signed in; its cookie holds the secret."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[str] = mapped_column(String(20))
    device: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
