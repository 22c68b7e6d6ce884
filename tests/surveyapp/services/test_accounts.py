"""Staff accounts: passwords are kept well, and any change ends older logins."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from sqlalchemy import select

from surveyapp.errors import ConflictError, InvalidError, NotFoundError
from surveyapp.models import AuditEntry, Partnership, User
from surveyapp.services.accounts import add_user, change_user, check_password, find_user
from surveyapp.services.logins import find_login, record_login

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long enough password"


def add(database, email="ada@example.org", role="coordinator", **more) -> int:
    with database.writing() as session:
        return add_user(session, email=email, password=PASSWORD, role=role, now=NOW, **more).id


def test_a_password_is_kept_as_argon2id_with_19_mib_two_passes_and_one_lane(database):
    add(database)
    with database.reading() as session:
        kept = extract_parameters(find_user(session, "ada@example.org").password_hash)
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (Type.ID, 19 * 1024, 2, 1)


def test_the_right_password_gives_the_user_whatever_the_case_of_the_address(database):
    number = add(database)
    with database.reading() as session:
        user = check_password(session, email=" ADA@Example.ORG ", password=PASSWORD)
        assert user is not None
        assert user.id == number


def test_a_password_typed_with_other_code_points_is_the_same_password(database):
    with database.writing() as session:
        add_user(session, email="a@example.org", password="caf\u00e9 au lait", role="admin", now=NOW)
    with database.reading() as session:
        assert check_password(session, email="a@example.org", password="cafe\u0301 au lait")


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 100_000, "\x00", "\ud800"])
def test_a_wrong_password_gives_nobody(database, password):
    add(database)
    with database.reading() as session:
        assert check_password(session, email="ada@example.org", password=password) is None


@pytest.mark.parametrize("email", ["", "nobody@example.org", "ada@example.org\x00x", "\ud800"])
def test_an_unknown_address_gives_nobody(database, email):
    add(database)
    with database.reading() as session:
        assert check_password(session, email=email, password=PASSWORD) is None


def test_an_unknown_address_costs_one_verification_like_a_known_one(database, monkeypatch):
    add(database)
    verified = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda *given: verified.append(given[1]) or verify(*given))
    with database.reading() as session:
        check_password(session, email="ada@example.org", password="wrong")
        check_password(session, email="nobody@example.org", password="wrong")
    assert len(verified) == 2
    assert extract_parameters(verified[0]) == extract_parameters(verified[1])


def test_a_partnership_is_made_when_it_is_new_and_found_when_it_is_not(database):
    add(database, partnership="Riverside")
    add(database, email="bo@example.org", partnership=" Riverside ")
    with database.reading() as session:
        assert session.scalars(select(Partnership.name)).all() == ["Riverside"]
        assert len(set(session.scalars(select(User.partnership_id)).all())) == 1


def test_an_address_has_one_account(database):
    add(database)
    with pytest.raises(ConflictError, match="has an account already"):
        add(database, email="ADA@example.org")


def test_all_faults_of_an_account_are_said_at_once(database):
    with database.writing() as session, pytest.raises(InvalidError) as caught:
        add_user(session, email="not an address", password="short", role="owner", now=NOW)
    assert len(caught.value.faults) == 3


def test_the_address_is_no_password(database):
    with database.writing() as session, pytest.raises(InvalidError) as caught:
        add_user(session, email="ada@example.org", password="Ada@example.org", role="admin", now=NOW)
    assert "take another one" in caught.value.faults[0]


def test_an_unknown_account_is_not_found(database):
    with database.reading() as session, pytest.raises(NotFoundError):
        find_user(session, "nobody@example.org")


@pytest.mark.parametrize("change", [{"password": "another good password"}, {"role": "evaluator"}, {"active": False}])
def test_a_change_of_password_role_or_status_ends_older_logins(database, change):
    number = add(database)
    with database.writing() as session:
        assert find_login(session, number, 1)
        change_user(session, find_user(session, "ada@example.org"), now=NOW, actor="admin", **change)
    with database.reading() as session:
        assert find_login(session, number, 1) is None


def test_a_change_to_the_same_keeps_logins(database):
    number = add(database)
    with database.writing() as session:
        change_user(session, find_user(session, "ada@example.org"), now=NOW, actor="admin", role="coordinator")
    with database.reading() as session:
        assert find_login(session, number, 1)


def test_who_is_switched_off_cannot_log_in(database):
    number = add(database)
    with database.writing() as session:
        change_user(session, find_user(session, "ada@example.org"), now=NOW, actor="admin", active=False)
    with database.writing() as session:
        assert check_password(session, email="ada@example.org", password=PASSWORD) is None
        assert find_login(session, number, 2) is None
        assert record_login(session, number, password=PASSWORD, address="::1", secret_key="k", now=NOW) is None


def test_an_older_hash_is_renewed_at_the_next_login_and_logins_stay(database):
    number = add(database)
    with database.writing() as session:
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        find_user(session, "ada@example.org").password_hash = weak
    with database.writing() as session:
        record_login(session, number, password=PASSWORD, address="192.0.2.1", secret_key="k", now=NOW)
    with database.reading() as session:
        user = find_login(session, number, 1)
        assert extract_parameters(user.password_hash).memory_cost == 19 * 1024
        assert check_password(session, email="ada@example.org", password=PASSWORD)


def test_acts_on_accounts_are_audited_without_the_password(database):
    add(database)
    with database.writing() as session:
        user = find_user(session, "ada@example.org")
        change_user(session, user, now=NOW, actor="boss@example.org", password="another good password")
    with database.reading() as session:
        acts = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(act.actor, act.action) for act in acts] == [
        ("command line", "user.add"),
        ("boss@example.org", "user.change"),
    ]
    assert acts[1].detail["changed"] == ["password"]
    assert "password" not in str(acts[0].detail)
