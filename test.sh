#!/usr/bin/env bash
# Builds everything and runs every test: unit, node, gateway, console and end-to-end in a real browser.
# Installs what is missing where it can (Debian, as root); elsewhere it says what to install.
# Where processes, servers or a browser take part, a few tests that fail are run once more, alone: this machine does other things as well. What passes only
# then is named at the end: it is a defect of the test or of what it tests. Elsewhere, and where many fail, nothing is repeated.
# Ends with one line: N passed, N failed, N skipped. Exit code 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")"

export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
configuration=Release
results=artifacts/test-results
most_repeated=5

say() { printf '\n== %s\n' "$*"; }

give_up() {
  printf '%s\n' "$*" >&2
  printf '0 passed, 1 failed, 0 skipped\n'
  exit 1
}

need() { # command, Debian package, what for
  command -v "$1" >/dev/null 2>&1 || missing+=("$2|$1 ($3)")
}

install_missing() {
  missing=()
  need chromium chromium "the browser of the end-to-end tests"
  need curl curl "the end-to-end tests"
  need redis-server redis-server "fencing tokens at Redis"
  [ -n "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || need initdb postgresql "fencing tokens at PostgreSQL"
  [ ${#missing[@]} -eq 0 ] && return
  if [ -f /etc/debian_version ] && [ "$(id -u)" -eq 0 ]; then
    say "Installing ${missing[*]#*|}"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]%%|*}" >/dev/null ||
      give_up "apt-get could not install: ${missing[*]%%|*}"
  elif [ "${CI:-}" = true ]; then
    give_up "Missing: ${missing[*]#*|}"
  else
    say "Not installed, so some tests are skipped: ${missing[*]#*|}"
  fi
}

count() { # attribute, trx file
  sed -n "s/.*<Counters [^>]*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" | head -n 1
}

count_failed() { # trx file
  echo $(($(count failed "$1") + $(count error "$1") + $(count timeout "$1") + $(count aborted "$1")))
}

run_tests() { # project file, name of the result file, more arguments of dotnet test
  local project=$1 name=$2
  shift 2
  dotnet test "$project" -c $configuration --no-build --nologo -v quiet \
    --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" "$@"
}

methods() { # outcome, trx file: the full name of the method for each result
  grep -o "<UnitTestResult [^>]*outcome=\"$1\"" "$2" | sed 's/.* testName="\([^"(]*\).*/\1/' | sort
}

is_repeatable() { # project name, trx file: a few failed tests and nothing else that went wrong
  case $1 in *.Core.Tests | *.Simulation.Tests | *.Architecture.Tests) return 1 ;; esac
  local failures
  failures=$(methods Failed "$2" | wc -l)
  [ "$failures" -gt 0 ] && [ "$failures" -eq "$(count_failed "$2")" ] && [ "$(methods Failed "$2" | uniq | wc -l)" -le $most_repeated ] &&
    [ "$(grep -c '<RunInfo [^>]*outcome="Error"' "$2")" -eq "$(grep -c '\[FAIL\]</Text>' "$2")" ]
}

run_project() { # project file
  local name trx code wrong again mended
  name=$(basename "$1" .csproj)
  trx="$results/$name.trx"
  say "$name"
  run_tests "$1" "$name"
  code=$?
  if [ ! -f "$trx" ]; then
    printf '%s did not finish: no result file\n' "$name"
    failed=$((failed + 1)) status=1
    return
  fi
  wrong=$(count_failed "$trx")
  if is_repeatable "$name" "$trx"; then
    again="$results/$name.again.trx"
    say "$name, once more what failed"
    run_tests "$1" "$name.again" --filter "$(methods Failed "$trx" | uniq | sed 's/^/FullyQualifiedName=/' | paste -sd'|')"
    code=$?
    if [ -f "$again" ]; then
      mended=$(comm -23 <(methods Passed "$again" | uniq) <(methods Failed "$again" | uniq))
      wrong=$(methods Failed "$trx" | grep -vcxF -f <(printf '%s\n' "$mended"))
      passed_again+=$mended$'\n'
    fi
  fi
  [ "$code" -ne 0 ] && status=1
  passed=$((passed + $(count executed "$trx") - wrong))
  failed=$((failed + wrong))
  skipped=$((skipped + $(count total "$trx") - $(count executed "$trx")))
}

command -v dotnet >/dev/null 2>&1 || give_up "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download"
install_missing

rm -rf "$results" && mkdir -p "$results"
say "Building"
dotnet build Admin.sln -c $configuration --nologo -v quiet || give_up "The build failed."

passed=0 failed=0 skipped=0 status=0 passed_again=
for project in tests/*.Tests/*.csproj e2e/*.csproj; do
  run_project "$project"
done

[ -n "${passed_again//[[:space:]]/}" ] && say "Passed only when run once more:" && sed '/^$/d; s/^/  /' <<<"$passed_again"
[ "$failed" -gt 0 ] && status=1
[ "$status" -ne 0 ] && [ "$failed" -eq 0 ] && failed=1
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
exit $status
