"""What a deployment sets: read once from the environment, handed to the application."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.clock import Clock, now

SERVICE_NAME = "Inspect children’s social care"


class MissingSettingError(Exception):
    """A setting without a safe default is not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The web application's settings.

    `secret_key` signs sessions and provider links. `secure_cookies` is off only for plain http on one
    machine. `proxies` is how many trusted proxies stand in front and add X-Forwarded headers.
    `metrics_token` opens /metrics from elsewhere; without one it answers this machine alone.
    """

    secret_key: str
    secure_cookies: bool = True
    proxies: int = 0
    session_hours: int = 12
    metrics_token: str = ""
    clock: Clock = now

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Settings from SECRET_KEY, SCCIF_INSECURE_COOKIES, SCCIF_PROXIES and SCCIF_METRICS_TOKEN.

        Raises MissingSettingError without a SECRET_KEY of at least 32 characters.
        """
        secret_key = environ.get("SECRET_KEY", "")
        if len(secret_key) < 32:
            raise MissingSettingError(
                "SECRET_KEY is not set, or shorter than 32 characters. It signs sessions and provider links. "
                'Set it to the output of: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return cls(
            secret_key=secret_key,
            secure_cookies=environ.get("SCCIF_INSECURE_COOKIES", "") != "1",
            proxies=int(environ.get("SCCIF_PROXIES", "0")),
            metrics_token=environ.get("SCCIF_METRICS_TOKEN", ""),
        )
