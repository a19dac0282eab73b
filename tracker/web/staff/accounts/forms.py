"""The forms of accounts. What a value must be is judged by the registry; here are the fields and their words."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import EmailField, Field, Form, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from tracker.web.translation import LANGUAGES, said

_CODE = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
_EMAIL = {"autocomplete": "username", "spellcheck": "false"}
_CURRENT = {"autocomplete": "current-password"}
_NEW = {"autocomplete": "new-password"}

_LANGUAGES = [SelectChoice(value=code, label=name) for code, name in LANGUAGES.items()]

_PASSWORD_HINT = lazy_gettext(
    "At least 15 characters. A few words that only you would put together are good; pasting is welcome."
)
_CODE_HINT = lazy_gettext("The six digits that your code generator shows, or one of your recovery codes.")


class DeskForm(Form):  # type: ignore[misc]
    """A form of these pages; the guard has checked that it is of this site."""


class SignInForm(DeskForm):
    """E-mail address and password."""

    email = EmailField(lazy_gettext("E-mail address"), render_kw=_EMAIL)
    password = PasswordField(lazy_gettext("Password"), render_kw=_CURRENT)


class CodeForm(DeskForm):
    """The second factor."""

    code = StringField(lazy_gettext("Code"), description=_CODE_HINT, render_kw=_CODE)


class CarriedSignIn(DeskForm):
    """Signing in where a session ran out, on one page."""

    sign_in_email = EmailField(lazy_gettext("E-mail address"), render_kw=_EMAIL)
    sign_in_password = PasswordField(lazy_gettext("Password"), render_kw=_CURRENT)
    sign_in_code = StringField(lazy_gettext("Code"), description=_CODE_HINT, render_kw=_CODE)


class ConfirmForm(DeskForm):
    """Proving once more who one is."""

    confirm_password = PasswordField(lazy_gettext("Your password"), render_kw=_CURRENT)
    confirm_code = StringField(lazy_gettext("Code"), description=_CODE_HINT, render_kw=_CODE)


class JoinForm(DeskForm):
    """What somebody who joins says of themselves."""

    email = EmailField(lazy_gettext("E-mail address"), render_kw=_EMAIL)
    name = StringField(
        lazy_gettext("Your name"),
        description=lazy_gettext("The name by which the others on the staff know you. It is never published."),
        render_kw={"autocomplete": "name"},
    )
    password = PasswordField(lazy_gettext("Password"), description=_PASSWORD_HINT, render_kw=_NEW)


class NewPasswordForm(DeskForm):
    """A password in place of the one before."""

    password = PasswordField(lazy_gettext("New password"), description=_PASSWORD_HINT, render_kw=_NEW)


class ChangePasswordForm(DeskForm):
    """A new password, by somebody who is signed in."""

    current_password = PasswordField(lazy_gettext("Present password"), render_kw=_CURRENT)
    new_password = PasswordField(lazy_gettext("New password"), description=_PASSWORD_HINT, render_kw=_NEW)


class DetailsForm(DeskForm):
    """How somebody is called, and in which language they work."""

    name = StringField(lazy_gettext("Name"), render_kw={"autocomplete": "name"})
    language = RadioField(lazy_gettext("Language of the desk"), choices=_LANGUAGES)


class InviteForm(DeskForm):
    """Whom to invite. Their roles are boxes of the template, each with what it means."""

    email = EmailField(lazy_gettext("E-mail address"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    name = StringField(lazy_gettext("Name"), render_kw={"autocomplete": "off"})


class EmailForm(DeskForm):
    """Another address for an account."""

    email = EmailField(lazy_gettext("E-mail address"), render_kw={"autocomplete": "off", "spellcheck": "false"})


def fault(field: Field, sentence: str) -> None:
    """Say what is wrong with a field; a sentence of the registry is said in the language of the page."""
    field.errors = [*field.errors, said(sentence)]


def summary(*forms: Form) -> list[tuple[str, str]]:
    """Everything that is wrong, as pairs of a field's id and a sentence."""
    fields: list[Any] = [field for form in forms for field in form]
    return [(field.id, error) for field in fields for error in field.errors]
