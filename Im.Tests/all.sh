#!/usr/bin/env bash
# Builds everything, runs every test and im verify, and says in one line how it went. Fails when a test failed, was skipped or did not run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export IM_TESTS_ALL=1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# No build servers stay behind.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

configuration=Release
results=artifacts/test-results

# Debian packages that a test needs: a browser, fonts for what the page shows, a database, what makes
# a sync fail, what watches system calls, the reverse proxy, Prometheus, and namespaces.
install_missing() {
  local missing=()
  [[ -x "${IM_CHROMIUM:-/usr/bin/chromium}" ]] || missing+=(chromium)
  command -v fc-list > /dev/null && [[ -n "$(fc-list :lang=zh family 2> /dev/null)" ]] || missing+=(fontconfig fonts-noto-cjk)
  [[ -n "${IM_POSTGRES:-}" ]] || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null || missing+=(postgresql)
  command -v pg_dump > /dev/null || missing+=(postgresql-client)
  command -v fiu-run > /dev/null || missing+=(fiu-utils)
  command -v strace > /dev/null || missing+=(strace)
  command -v nginx > /dev/null || [[ -x /usr/sbin/nginx ]] || missing+=(nginx)
  command -v prometheus > /dev/null || missing+=(prometheus)
  command -v ip > /dev/null || [[ -x /usr/sbin/ip ]] || missing+=(iproute2)
  ((${#missing[@]})) || return 0
  echo "Installing ${missing[*]}"
  local sudo=()
  ((EUID == 0)) || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# Sum of an attribute of <Counters …> over all result files.
count() {
  local sum=0 value
  while read -r value; do sum=$((sum + value)); done \
    < <(grep -ho '<Counters [^>]*>' "$results"/*.trx 2> /dev/null | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*')
  echo "$sum"
}

install_missing || { echo "The packages could not be installed."; exit 1; }
# The lock files are of one platform: there nothing else may be resolved than what they name.
locked=()
[[ "$(uname -s)-$(uname -m)" == Linux-x86_64 ]] && locked=(--locked-mode)
dotnet restore ImAkka.sln "${locked[@]}" -v q || { echo "The packages are not those of the lock files."; exit 1; }
dotnet build ImAkka.sln -c "$configuration" --no-restore -v q || { echo "The build failed."; exit 1; }

rm -rf "$results"
timeout --kill-after=30s 20m \
  dotnet test Im.Tests -c "$configuration" --no-build --results-directory "$results" --logger "trx;LogFileName=tests.trx" --logger "console;verbosity=minimal"
code=$?

# Kept with the test results: what it printed, and of a run that found something the node's data and logs.
verify="$results/verify"
mkdir -p "$verify"
TMPDIR="$PWD/$verify" timeout --kill-after=30s 5m \
  dotnet artifacts/bin/Im.Cli/release/im.dll verify --plan ci --node-path artifacts/bin/Im.Node/release/Im.Node.dll 2>&1 | tee "$verify/output.txt"
verified=${PIPESTATUS[0]}

total=$(count total)
passed=$(count passed)
failed=$(($(count failed) + $(count error) + $(count timeout) + $(count aborted)))
skipped=$((total - passed - failed))

# A run that ended before its report, or with an error outside of a test, is no success.
if ((code != 0 && failed == 0)) || ((total == 0)); then
  echo "The test run ended with code $code."
  failed=$((failed + 1))
fi

if ((verified == 0)); then
  passed=$((passed + 1))
else
  echo "im verify ended with code $verified: see $verify"
  failed=$((failed + 1))
fi

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && skipped == 0))
