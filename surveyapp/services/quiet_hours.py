"""When people may be texted: by their own time zone, else by the strictest of those that their number may be in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from surveyapp.sending import Sending

_DAYS_AHEAD = 3


def find_next_moment(now: datetime, phone: str, own_zone: str | None, otherwise: str, sending: Sending) -> datetime:
    """Give the first moment from now on at which this phone may be texted.

    Every zone that the number may be in has to be awake; where they never are together (a number of the whole world),
    and where nothing is known, it is `otherwise`, the round's zone, that counts.
    """
    zones = (own_zone,) if own_zone else _find_zones(phone) or (otherwise,)
    moment = _find_common(now, zones, sending)
    return moment if moment is not None else (_find_common(now, (otherwise,), sending) or now)


def _find_common(now: datetime, zones: Sequence[str], sending: Sending) -> datetime | None:
    """Give the first moment at which all zones are awake: now, or one at which one of them wakes."""
    known = [_find_zone(name) for name in zones]
    mornings = {
        datetime.combine(now.astimezone(zone).date() + timedelta(days=day), time(sending.quiet_until), zone).astimezone(
            UTC
        )
        for zone in known
        for day in range(_DAYS_AHEAD)
    }
    moments = [now, *sorted(morning for morning in mornings if morning > now)]
    return next((moment for moment in moments if all(_is_awake(moment, zone, sending) for zone in known)), None)


def _is_awake(moment: datetime, zone: ZoneInfo, sending: Sending) -> bool:
    return sending.quiet_until <= moment.astimezone(zone).hour < sending.quiet_from


@cache
def _find_zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=10_000)
def _find_zones(phone: str) -> tuple[str, ...]:
    # The table is large, and only those who send need it.
    from phonenumbers.timezone import UNKNOWN_TIMEZONE, time_zones_for_geographical_number

    zones = time_zones_for_geographical_number(phonenumbers.parse(phone, None))
    return tuple(zone for zone in zones if zone != UNKNOWN_TIMEZONE)
