"""A client of the relay's HTTP API, in one file: start a reveal, wait for it, handle what can go wrong.

    python3 reveal_relay.py http://127.0.0.1:8787 https://www.linkedin.com/in/quick-ada

Python 3.9 or later. An API on AWS wants signed requests: `pip install botocore` for those. Nothing else is needed.
"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, Optional

# The API answers a `wait` within 25 seconds; API Gateway itself gives up after 30.
LONGEST_WAIT_SECONDS = 25
REQUEST_TIMEOUT_SECONDS = 35

# What says nothing about the request: the relay is busy, or is being deployed.
PASSING = {429, 500, 502, 503, 504}


class RevealProblem(Exception):
    """The API said no. `detail` says what to do about it, `type` names the kind (see docs/problems.md)."""

    def __init__(self, status: int, problem: dict):
        self.status = status
        self.type = problem.get("type", "about:blank")
        self.title = problem.get("title", "The API could not answer")
        self.detail = problem.get("detail", "")
        super().__init__(f"{status} {self.title}: {self.detail}")


class RevealRelay:
    def __init__(self, url: str, token: Optional[str] = None):
        """`url` is the output `ApiUrl` of the stack. With a `token` requests carry it; without one, those to AWS are signed."""
        self.url = url.rstrip("/")
        self.token = token

    def start(self, key: Optional[str] = None, **wanted: Any) -> dict:
        """Starts a reveal, or attaches to the one that is there: safe to repeat, and then nothing is paid for twice.

        Give `linkedinUrl` (a start costs credits) or `taskId`; besides, `find`, `maxAge`, `reference` … as docs/api.md lists them.
        """
        return self._call("POST", "/reveals", wanted, {"idempotency-key": key} if key else {})[2]

    def wait_for(self, reveal_id: str, timeout_seconds: float = 3600) -> dict:
        """Waits until the reveal has ended, however it ended: look at its `status`. Raises `TimeoutError` after `timeout_seconds`."""
        deadline = time.monotonic() + timeout_seconds
        path = f"/reveals/{urllib.parse.quote(reveal_id, safe='')}?wait={LONGEST_WAIT_SECONDS}"
        while True:
            status, headers, reveal = self._call("GET", path)
            if status == 200 and reveal["status"] != "running":
                return reveal
            pause = float(headers.get("retry-after", 1))
            if time.monotonic() + pause > deadline:
                raise TimeoutError(f"The reveal {reveal_id} is still running after {timeout_seconds} seconds: wait for it again later.")
            time.sleep(pause)

    def _call(self, method: str, path: str, body: Optional[dict] = None, headers: Optional[dict] = None, attempts: int = 5):
        data = json.dumps(body).encode() if body is not None else None
        headers = {"accept": "application/json", **({"content-type": "application/json"} if data else {}), **(headers or {})}
        for attempt in range(1, attempts + 1):
            signed = {**headers, **self._access(method, self.url + path, data, headers)}
            request = urllib.request.Request(self.url + path, data=data, headers=signed, method=method)
            try:
                with urllib.request.urlopen(request, timeout=REQUEST_TIMEOUT_SECONDS) as answer:
                    return answer.status, answer.headers, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code not in PASSING or attempt == attempts:
                    raise RevealProblem(error.code, problem_of(error.read())) from None
                time.sleep(float(error.headers.get("retry-after", attempt)))
            except (urllib.error.URLError, TimeoutError):
                if attempt == attempts:
                    raise
                time.sleep(attempt)

    def _access(self, method: str, url: str, data: Optional[bytes], headers: dict) -> dict:
        if self.token:
            return {"authorization": f"Bearer {self.token}"}
        host = urllib.parse.urlsplit(url).hostname or ""
        if not host.endswith(".amazonaws.com"):
            return {}
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.session import Session

        request = AWSRequest(method=method, url=url, data=data, headers=headers)
        SigV4Auth(Session().get_credentials(), "execute-api", host.split(".")[2]).add_auth(request)
        return dict(request.headers)


def problem_of(body: bytes) -> dict:
    """Problems are JSON (RFC 9457). What stands in front of the API may answer something else."""
    try:
        problem = json.loads(body)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def main(url: str, profile: str) -> int:
    relay = RevealRelay(url)
    try:
        reveal = relay.start(linkedinUrl=profile)
        if reveal["status"] == "running":
            print(f"waiting for {reveal['revealId']}", file=sys.stderr)
            reveal = relay.wait_for(reveal["revealId"])
    except RevealProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    if reveal["status"] != "completed":
        print(f"ended as {reveal['status']}: {reveal.get('reason', 'no reason given')}", file=sys.stderr)
        return 1
    print(json.dumps(reveal["result"], indent=2))
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: python3 reveal_relay.py API_URL PROFILE_URL")
    sys.exit(main(sys.argv[1], sys.argv[2]))
