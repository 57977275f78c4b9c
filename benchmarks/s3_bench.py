"""Our S3 client beside boto3 and awscrt on one server that checks signatures.

    s3_bench.py PROGRAM    with the server in the environment, as tests/s3/run.sh sets it

All sign the hash of what they put, as one must over plain HTTP, and as ours always does, so that
the server has to hash it too; awscrt as it comes leaves the body unsigned, and stands beside that.
No client adds a checksum, and all put only what is not there. boto3 is driven by threads, awscrt by
its own event loops, each with so many calls in flight.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from rivals import Client, Row, by_threads, head, measure, serve, tell

BUCKET = "tales"
ROUNDS = 5
CALLS = {50_000: 320, 1_000_000: 96, 3_000_000: 48}
IN_FLIGHT = (1, 8, 32)
ENDPOINT = os.environ.get("BHASHATTS_S3_ENDPOINT", "")
KEY = os.environ.get("BHASHATTS_S3_KEY", "")
SECRET = os.environ.get("BHASHATTS_S3_SECRET", "")


def boto3_client() -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        max_pool_connections=32,
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client(
        "s3",
        endpoint_url=ENDPOINT,
        aws_access_key_id=KEY,
        config=config,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )


def boto3_calls() -> Callable[[Row, str], list[float]]:
    client = boto3_client()
    bodies = {size: b"a" * size for size in CALLS}

    def call(row: Row, name: str) -> None:
        if row.operation == "PUT":
            client.put_object(
                Bucket=BUCKET,
                Key=name,
                Body=bodies[row.size],
                IfNoneMatch="*",
                ContentType="audio/flac",
            )
        else:
            got = client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
            assert len(got) == row.size

    return by_threads(call)


class Crt:
    """awscrt's S3 client, which works by callbacks."""

    def __init__(self, sign_body: bool) -> None:
        from awscrt import auth, s3

        provider = auth.AwsCredentialsProvider.new_static(KEY, SECRET)
        self.signing = s3.create_default_s3_signing_config(
            region="us-east-1", credential_provider=provider
        )
        self.sign_body = sign_body
        self.client = s3.S3Client(
            region="us-east-1",
            signing_config=self.signing,
            tls_mode=s3.S3RequestTlsMode.DISABLED,
            throughput_target_gbps=10.0,
        )
        self.bodies = {size: b"a" * size for size in CALLS}

    def signing_of(self, row: Row) -> Any:
        if row.operation == "GET" or not self.sign_body:
            return self.signing
        body_hash = hashlib.sha256(self.bodies[row.size]).hexdigest()
        return self.signing.replace(signed_body_value=body_hash)

    def request(self, row: Row, name: str) -> Any:
        from awscrt import http, s3

        headers = http.HttpHeaders([("Host", ENDPOINT.split("//")[1])])
        path = f"/{BUCKET}/{name}"
        if row.operation == "GET":
            return s3.S3RequestType.GET_OBJECT, http.HttpRequest("GET", path, headers)
        headers.add("Content-Length", str(row.size))
        headers.add("Content-Type", "audio/flac")
        headers.add("If-None-Match", "*")
        body = io.BytesIO(self.bodies[row.size])
        return s3.S3RequestType.PUT_OBJECT, http.HttpRequest("PUT", path, headers, body)

    def run(self, row: Row, prefix: str) -> list[float]:
        us: list[float] = []
        failures: list[object] = []
        numbers = iter(range(row.calls))
        lock = threading.Lock()
        done = threading.Semaphore(0)

        def begin() -> None:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            got = bytearray(row.size if row.operation == "GET" else 0)
            start = time.perf_counter()
            kind, request = self.request(row, f"{prefix}-{number}")

            def on_body(chunk: bytes, offset: int, **_: object) -> None:
                got[offset : offset + len(chunk)] = chunk

            def on_done(error: object = None, **_: object) -> None:
                us.append((time.perf_counter() - start) * 1e6)
                if error:
                    failures.append(error)
                begin()
                done.release()

            self.client.make_request(
                type=kind,
                request=request,
                on_body=on_body,
                on_done=on_done,
                signing_config=self.signing_of(row),
            )

        for _ in range(row.in_flight):
            begin()
        for _ in range(row.calls):
            done.acquire()
        if failures:
            sys.exit(f"awscrt: {failures[0]}")
        return us


def become(client: str) -> None:
    serve(boto3_calls() if client == "boto3" else Crt(client == "awscrt-signed").run)


def make_bucket() -> None:
    while True:
        try:
            boto3_client().create_bucket(Bucket=BUCKET)
            return
        except Exception as error:  # the server may still be starting
            print(error, file=sys.stderr)
            time.sleep(0.2)


def empty_bucket() -> None:
    client = boto3_client()
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        names = [{"Key": found["Key"]} for found in page.get("Contents", [])]
        if names:
            client.delete_objects(Bucket=BUCKET, Delete={"Objects": names})


def compare(program: str) -> None:
    make_bucket()
    here = [sys.executable, __file__, "--client"]
    clients = [
        Client("ours", [program], {"BHASHATTS_S3_BUCKET": BUCKET}),
        Client("boto3", [*here, "boto3"]),
        Client("awscrt", [*here, "awscrt-signed"]),
        Client("awscrt, body not signed", [*here, "awscrt"]),
    ]
    head()
    for size, calls in CALLS.items():
        for in_flight in IN_FLIGHT:
            put, get = (Row(operation, size, in_flight, calls) for operation in ("PUT", "GET"))

            def name(client: Client, round: int, row: Row = put) -> str:
                return f"{row.size}-{row.in_flight}/{clients.index(client)}/{round}"

            measure(
                clients,
                Row("PUT", size, in_flight, in_flight),
                1,
                lambda client, _: name(client, -1),
            )
            tell(put, measure(clients, put, ROUNDS, name))
            tell(get, measure(clients, get, ROUNDS, name))
        empty_bucket()
    for client in clients:
        client.end()


if __name__ == "__main__":
    if sys.argv[1] == "--client":
        become(sys.argv[2])
    else:
        compare(sys.argv[1])
