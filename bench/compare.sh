#!/usr/bin/env bash
# Measures Quorate, etcd and RabbitMQ side by side on this machine; see bench/README.md.
# Installs what is missing where it can (Debian, as root); elsewhere it says what to install.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

missing=()
command -v etcd >/dev/null 2>&1 || missing+=(etcd-server)
command -v etcdctl >/dev/null 2>&1 || missing+=(etcd-client)
command -v redis-server >/dev/null 2>&1 || missing+=(redis-server)
command -v rsync >/dev/null 2>&1 || missing+=(rsync)
command -v h2load >/dev/null 2>&1 || missing+=(nghttp2-client)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
if [ ${#missing[@]} -gt 0 ]; then
  if [ ! -f /etc/debian_version ] || [ "$(id -u)" -ne 0 ]; then
    printf 'Missing: %s (names of Debian packages)\n' "${missing[*]}" >&2
    exit 2
  fi
  printf 'Installing %s\n' "${missing[*]}" >&2
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  if [ -d /run/systemd/system ]; then
    # Debian starts what it installs; the benchmark starts its own.
    for service in etcd rabbitmq-server redis-server; do
      case " ${missing[*]} " in *" $service"*) systemctl disable --now "$service" >/dev/null 2>&1 || true ;; esac
    done
  fi
fi

if ! command -v dotnet >/dev/null 2>&1; then
  printf 'The .NET 10 SDK is missing: https://dotnet.microsoft.com/download\n' >&2
  exit 2
fi

printf 'Building\n' >&2
dotnet build "$repository/bench/Quorate.Bench.csproj" -c Release --nologo -v quiet >&2
# The load that the build leaves behind is not to be taken for somebody else's.
for _ in $(seq 36); do
  awk '{ exit !($1 < 0.9) }' /proc/loadavg && break
  sleep 5
done
exec dotnet "$repository/bench/bin/Release/net10.0/Quorate.Bench.dll" "$@"
