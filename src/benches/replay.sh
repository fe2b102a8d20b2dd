#!/bin/sh
# Saved requests replayed against a sandbox of its own, beside a load generator on the same endpoint in the same run:
#   src/benches/replay.sh [REQUESTS] [JOBS]
# Needs oha (cargo install oha) and a release build, or their paths in OHA and ASTRASCOPE. The replay reads a file for each
# request, compares the answer and keeps it in a history; oha does nothing of the kind.
set -eu
requests=${1:-500}
jobs=${2:-8}
program=${ASTRASCOPE:-target/release/astrascope}
oha=${OHA:-oha}
case $program in /*) ;; *) program=$PWD/$program ;; esac
folder=$(mktemp -d)
sandbox=
trap '[ -z "$sandbox" ] || kill "$sandbox"; rm -rf "$folder"' EXIT
export ASTRASCOPE_HOME="$folder/home"
mkdir -p "$folder/.astrascope/requests"
number=0
while [ "$number" -lt "$requests" ]; do
  printf 'endpoint = "payment_instruments.list"\n\n[expect]\nstatus = 200\nfields = { count = { equals = 2 } }\n' \
    > "$folder/.astrascope/requests/settlement-$number.toml"
  number=$((number + 1))
done
cd "$folder"
"$program" sandbox > sandbox.txt &
sandbox=$!
until grep -q '^stop:' sandbox.txt; do sleep 0.1; done
value() { sed -n "s/^$1 *//p" sandbox.txt; }
url=$(value 'astrascope sandbox listening on')
keys="$(value 'client id:'):$(value 'client secret:')"
from_start_to_end() { # name, command: what it prints goes to a file, how fast it was is told
  name=$1
  shift
  start=$(date +%s%N)
  "$@" > output.txt
  end=$(date +%s%N)
  echo "$name: $((requests * 1000000000 / (end - start))) requests/s, from its start to its end"
}
for round in 1 2 3 4 5; do
  from_start_to_end oha "$oha" --no-tui -c "$jobs" -n "$requests" -a "$keys" "$url/v1/payment_instruments"
  grep 'Requests/sec' output.txt
  from_start_to_end replay "$program" replay --jobs "$jobs" --check --sandbox "$url"
done
