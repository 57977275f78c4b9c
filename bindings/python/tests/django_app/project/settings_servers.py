"""As in production: PostgreSQL, Redis for the cache and between hosts, S3. with_servers.py starts
them and says where they are; the engine hears of Redis and S3 from the environment alone.
"""

import os

from project.settings import *  # noqa: F403

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "bench",
        "HOST": "127.0.0.1",
        "PORT": os.environ["TEST_POSTGRES_PORT"],
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
        "KEY_PREFIX": "bhashamitra",
    }
}
