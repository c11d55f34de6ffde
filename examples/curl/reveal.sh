#!/usr/bin/env bash
# From a profile to a contact with curl alone (7.84 or later): reveal.sh API_URL PROFILE_URL
set -euo pipefail
if (($# != 2)); then
  echo 'Usage: reveal.sh API_URL PROFILE_URL' >&2
  exit 2
fi
url=${1%/}
profile=$2

# An API on AWS wants signed requests; https://ID.execute-api.REGION.amazonaws.com names the region.
access=()
if [[ $url =~ \.execute-api\.([a-z0-9-]+)\.amazonaws\.com ]]; then
  access=(--aws-sigv4 "aws:amz:${BASH_REMATCH[1]}:execute-api" --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY")
  if [[ -n ${AWS_SESSION_TOKEN:-} ]]; then access+=(-H "x-amz-security-token: $AWS_SESSION_TOKEN"); fi
fi

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# Asks, and prints what of the answer's head it is told to; its body is in $answer. Retries what passes by itself (429, 5xx), which is safe:
# the same person attaches to the reveal that is there. A problem says what to do.
ask() {
  curl --silent --show-error --fail-with-body --retry 5 --max-time 35 ${access[@]+"${access[@]}"} --output "$answer" --write-out "$@" || {
    cat "$answer" >&2
    return 1
  }
}

# `Location` says where the reveal is.
where=$(ask '%header{location}' --json "{\"linkedinUrl\": \"$profile\"}" "$url/reveals")

# 202 is "not yet", and Retry-After says when to ask again.
while head=$(ask '%{http_code} %header{retry-after}' "$url$where?wait=25") && [[ $head == 202* ]]; do
  sleep "${head#202 }"
done
[[ $head == 200* ]]
cat "$answer"
