"""Settings come from the environment; everything wrong with them is said at once."""

from pathlib import Path

import pytest

from surveyapp.config import read_settings
from surveyapp.errors import ConfigurationError

SECRET = {"SURVEYAPP_SECRET_KEY": "0123456789abcdef"}


def faults_of(environment: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigurationError) as refusal:
        read_settings(environment)
    return list(refusal.value.faults)


def test_a_missing_secret_is_refused_with_the_command_that_makes_one() -> None:
    (fault,) = faults_of({})
    assert fault.startswith("SURVEYAPP_SECRET_KEY: is not set")
    assert "secrets.token_hex" in fault


def test_a_short_secret_is_refused() -> None:
    assert faults_of({"SURVEYAPP_SECRET_KEY": "short"}) == ["SURVEYAPP_SECRET_KEY: needs at least 16 characters"]


def test_every_fault_is_said_at_once() -> None:
    faults = faults_of(
        {
            "SURVEYAPP_SECRT_KEY": "misspelt",
            "SURVEYAPP_PUBLIC_URL": "survey.example.org",
            "SURVEYAPP_SMS_GATEWAY": "twilio",
            "SURVEYAPP_DATABASE_URL": "mysql://x",
        }
    )
    named = {fault.split(":")[0] for fault in faults}
    assert named == {
        "SURVEYAPP_SECRT_KEY",
        "SURVEYAPP_SECRET_KEY",
        "SURVEYAPP_PUBLIC_URL",
        "SURVEYAPP_DATABASE_URL",
        "SURVEYAPP_TWILIO_ACCOUNT_SID",
        "SURVEYAPP_TWILIO_AUTH_TOKEN",
        "SURVEYAPP_TWILIO_FROM",
    }


def test_a_misspelt_setting_is_named() -> None:
    (fault,) = faults_of({**SECRET, "SURVEYAPP_DATABSE_URL": "sqlite:///x.db"})
    assert "SURVEYAPP_DATABSE_URL" in fault


def test_sqlite_under_the_data_folder_is_the_default(tmp_path: Path) -> None:
    settings = read_settings({**SECRET, "SURVEYAPP_DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/surveyapp.db"
    assert settings.sms_gateway == "simulator"
    assert (settings.definitions_dir / "partnership_feedback.json").exists()


def test_the_public_address_loses_its_last_slash() -> None:
    settings = read_settings({**SECRET, "SURVEYAPP_PUBLIC_URL": "https://survey.example.org/"})
    assert settings.public_url == "https://survey.example.org"
