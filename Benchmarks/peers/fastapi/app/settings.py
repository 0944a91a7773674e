from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting is an environment variable: `TODO_REDIS`, `TODO_RATE_LIMIT`, …"""

    model_config = SettingsConfigDict(env_prefix="TODO_")

    redis: str = "redis://127.0.0.1:6379"
    database: str = "todos.sqlite"
    token_secret: SecretStr = SecretStr("only-for-benchmarks-0123456789abcdef")
    token_lifetime: int = 1800
    admin_password: SecretStr = SecretStr("admin123")
    bcrypt_cost: int = 12
    cache_ttl: int = 60
    rate_limit: int = 5
    rate_window: int = 10
    login_limit: int = 10
    login_window: int = 60


settings = Settings()
