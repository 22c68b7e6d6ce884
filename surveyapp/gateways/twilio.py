"""Twilio: webhooks signed with the account's auth token, answered in TwiML. The only file that imports twilio."""

from __future__ import annotations

from collections.abc import Mapping

from surveyapp.gateways.base import Gateway, Inbound, read_body, read_name, read_number

SIGNATURE = "X-Twilio-Signature"
OPT_OUT_TYPES = ("STOP", "START", "HELP")


class Twilio(Gateway):
    """Texts carried by Twilio's Programmable Messaging."""

    name = "twilio"
    content_type = "text/xml; charset=utf-8"

    def verify(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Check the signature over the public URL and every field; no auth token configured means refused."""
        from twilio.request_validator import RequestValidator

        token, signature = self.settings.twilio_auth_token, headers.get(SIGNATURE, "")
        if not token or not signature:
            return False
        return bool(RequestValidator(token).validate(url, form, signature))

    def read_inbound(self, form: Mapping[str, str]) -> Inbound:
        """Read the fields of an incoming message (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
        opt_out = form.get("OptOutType", "").strip().upper()
        return Inbound(
            gateway=self.name,
            account=read_name(form.get("AccountSid", "") or self.settings.twilio_account_sid, "AccountSid"),
            message_id=read_name(form.get("MessageSid", ""), "MessageSid"),
            phone=read_number(form.get("From", "")),
            our_number=form.get("To", "")[:32],
            body=read_body(form.get("Body", "")),
            opt_out=opt_out if opt_out in OPT_OUT_TYPES else None,
        )

    @staticmethod
    def render(reply: str | None) -> str:
        """Give TwiML with one message, or with none."""
        from twilio.twiml.messaging_response import MessagingResponse

        response = MessagingResponse()
        if reply is not None:
            response.message(reply)
        return str(response)
