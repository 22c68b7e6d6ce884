"""The small forms of the console; that of a new round is `round_form`."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired


class LoginForm(FlaskForm):
    """E-mail address and password; `next` is where to go then."""

    email = EmailField("E-mail address", [InputRequired("Give your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Give your password.")])
    next = HiddenField()


class PasswordForm(FlaskForm):
    """One's own password, changed."""

    password = PasswordField("Password now", [InputRequired("Give your password as it is now.")])
    new_password = PasswordField("New password", [InputRequired("Give a new password.")])
    again = PasswordField("New password again", [EqualTo("new_password", "The two new passwords are not the same.")])


class CloseForm(FlaskForm):
    """Closing a round asks for its name."""

    name = StringField("Name of the round")
