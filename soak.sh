#!/usr/bin/env bash
# Three node processes and a gateway under kills, pauses, partitions and a full disk, round after round, with concurrent clients whose
# acknowledged writes must all be there in the end and whose history must be linearizable.
# Usage: ./soak.sh [--rounds 200] [--seed N] [--short]
# The full disk needs a small tmpfs, which only root may mount; without it the run says that this fault was not exercised.
set -euo pipefail
repository=$(cd "$(dirname "$0")" && pwd)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
if ! command -v dotnet >/dev/null 2>&1; then
  printf 'The .NET 10 SDK is missing: https://dotnet.microsoft.com/download\n' >&2
  exit 2
fi

printf 'Building\n' >&2
dotnet build "$repository/tests/Soak/Quorate.Soak.csproj" -c Release --nologo -v quiet >&2
exec dotnet "$repository/tests/Soak/bin/Release/net10.0/Quorate.Soak.dll" "$@"
