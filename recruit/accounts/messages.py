"""What Flask-Security says, in the house's words where its own are for engineers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

_WRONG_CODE = _l("The code is not right, or is used. Wait for the next one, and write that.")
_PASSKEY_FAILED = _l("The passkey did not work here. Try again, or sign in another way.")

SECURITY: Mapping[str, object] = {
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": _l("Choose a new password"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": _l("Your password is changed"),
    "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": _l("Your password is changed"),
    "SECURITY_MSG_REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. Go on where you were."), "success"),
    "SECURITY_MSG_INVALID_CODE": (_WRONG_CODE, "danger"),
    "SECURITY_MSG_TWO_FACTOR_INVALID_TOKEN": (_WRONG_CODE, "danger"),
    "SECURITY_MSG_TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("You are signed in."), "success"),
    "SECURITY_MSG_TWO_FACTOR_PERMISSION_DENIED": (
        _l("The sign-in was not completed. Begin again."),
        "warning",
    ),
    "SECURITY_MSG_INVALID_RECOVERY_CODE": (
        _l("There is no such recovery code, or it is used."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_EXPIRED": (_l("It took too long. Begin again."), "warning"),
    "SECURITY_MSG_WEBAUTHN_NAME_REQUIRED": (
        _l("Write a name that tells the passkey from others, such as the device's."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_NAME_INUSE": (
        _l("You have a passkey called %(name)s already. Write another name."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_NAME_NOT_FOUND": (_l("That passkey is removed already."), "info"),
    "SECURITY_MSG_WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        _l("Use letters, digits, spaces and hyphens in the name."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_DELETED": (
        _l("The passkey %(name)s is removed: nobody signs in with it any more."),
        "success",
    ),
    "SECURITY_MSG_WEBAUTHN_REGISTER_SUCCESSFUL": (
        _l("The passkey %(name)s is ready. Use it the next time you sign in."),
        "success",
    ),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_ID_INUSE": (
        _l("That passkey is somebody's already."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (
        _l("That passkey is not known here. It may have been removed."),
        "danger",
    ),
    "SECURITY_MSG_WEBAUTHN_ORPHAN_CREDENTIAL_ID": (_PASSKEY_FAILED, "danger"),
    "SECURITY_MSG_WEBAUTHN_NO_VERIFY": (_PASSKEY_FAILED, "danger"),
    "SECURITY_MSG_WEBAUTHN_CREDENTIAL_WRONG_USAGE": (_PASSKEY_FAILED, "danger"),
    "SECURITY_MSG_WEBAUTHN_MISMATCH_USER_HANDLE": (_PASSKEY_FAILED, "danger"),
    "SECURITY_MSG_API_ERROR": (_PASSKEY_FAILED, "danger"),
}
