#!/bin/sh
# Calls a deploy hook of Eden Migrations and waits for its migration. Needs a shell, curl and openssl, and no token.
#   EDEN_URL          https://eden.example.com
#   EDEN_HOOK         uuid of the hook      (eden hooks create deploy --migration shop)
#   EDEN_HOOK_SECRET  its secret
#   MIGRATION         id of the migration
# Ends with 0 when the migration is completed, with 10 when it has failed and nothing has changed, with 1 otherwise.
set -eu

body="{\"migration\":\"$MIGRATION\",\"action\":\"sync_and_migrate\"}"
time=$(date +%s)
mac=$(printf '%s.%s' "$time" "$body" | openssl dgst -sha256 -hmac "$EDEN_HOOK_SECRET" | sed 's/^.*= //')

# The same call again, as curl repeats it, is answered again and starts nothing.
answer=$(curl -sS --fail-with-body --retry 5 --retry-connrefused -X POST "$EDEN_URL/api/v1/hooks/$EDEN_HOOK" \
  -H "X-Eden-Signature: t=$time,v1=$mac" -H 'Content-Type: application/json' -d "$body") || {
  echo "$answer" >&2
  exit 1
}
echo "$answer"
gate=$(echo "$answer" | sed 's/.*"gate":"\([^"]*\)".*/\1/')

while :; do
  status=$(curl -sS -o /dev/null -w '%{http_code}' --retry 5 --retry-connrefused "$gate") || status=000
  case $status in
    200) echo "$MIGRATION is completed" && exit 0 ;;
    202) ;; # not yet: the gate has waited for a minute
    409) echo "$MIGRATION has failed, and nothing has changed" >&2 && exit 10 ;;
    *) echo "the gate answers $status" >&2 && exit 1 ;;
  esac
done
