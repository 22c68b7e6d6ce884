"""The brake on guessing: ten tries, then waits that double, never for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from surveyapp.models import LoginThrottle
from surveyapp.services.accounts import add_user
from surveyapp.services.logins import begin_attempt, record_login

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NONE = timedelta(0)


def attempt(database, email="ada@example.org", address="192.0.2.1", now=NOW) -> timedelta:
    with database.writing() as session:
        return begin_attempt(session, email=email, address=address, secret_key="k", now=now)


def test_ten_tries_are_free_and_the_eleventh_waits(database):
    assert [attempt(database) for _ in range(10)] == [NONE] * 10
    assert attempt(database) == timedelta(seconds=30)


def test_the_wait_doubles_up_to_a_quarter_of_an_hour_and_never_for_ever(database):
    now, waits = NOW, []
    for _ in range(10):
        attempt(database)
    for _ in range(8):
        wait = attempt(database, now=now)
        waits.append(int(wait.total_seconds()))
        now += wait
        assert attempt(database, now=now) == NONE
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_tries_during_a_wait_do_not_make_it_longer(database):
    for _ in range(10):
        attempt(database)
    for second in range(29):
        assert attempt(database, now=NOW + timedelta(seconds=second)) > NONE
    assert attempt(database, now=NOW + timedelta(seconds=30)) == NONE


def test_one_address_is_braked_over_many_accounts(database):
    for number in range(10):
        attempt(database, email=f"user{number}@example.org")
    assert attempt(database, email="fresh@example.org") > NONE
    assert attempt(database, email="fresh@example.org", address="192.0.2.2") == NONE


def test_one_account_is_braked_over_many_addresses(database):
    for number in range(10):
        attempt(database, address=f"192.0.2.{number}")
    assert attempt(database, address="198.51.100.1") > NONE


def test_a_whole_ipv6_network_counts_as_one_address(database):
    for number in range(10):
        attempt(database, email=f"user{number}@example.org", address=f"2001:db8::{number}")
    assert attempt(database, email="fresh@example.org", address="2001:db8::ffff") > NONE
    assert attempt(database, email="fresh@example.org", address="2001:db8:0:1::1") == NONE


def test_a_day_of_quiet_is_forgiven(database):
    for _ in range(10):
        attempt(database)
    later = NOW + timedelta(hours=25)
    assert [attempt(database, now=later) for _ in range(10)] == [NONE] * 10


def test_a_login_clears_its_account_but_gives_the_address_only_its_own_try_back(database):
    with database.writing() as session:
        number = add_user(session, email="ada@example.org", password="a long password", role="admin", now=NOW).id
    for _ in range(8):
        attempt(database, email="victim@example.org")
    attempt(database)
    with database.writing() as session:
        record_login(session, number, password="a long password", address="192.0.2.1", secret_key="k", now=NOW)
    assert [attempt(database, email="victim@example.org") for _ in range(3)] == [NONE, NONE, timedelta(seconds=30)]
    assert attempt(database, address="192.0.2.9") == NONE


def test_a_hundred_tries_at_once_do_not_slip_through_together(database):
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: attempt(database), range(40)))
    assert waits.count(NONE) == 10


@pytest.mark.parametrize("secret", ["ada@example.org", "192.0.2.1"])
def test_the_table_tells_neither_accounts_nor_addresses(database, secret):
    attempt(database)
    with database.reading() as session:
        keys = session.scalars(select(LoginThrottle.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and secret not in key for key in keys)
