#!/usr/bin/env bash
# Restarts nodes one after the other, each only when all of them take users, so that at most one is away.
#
#   rolling-restart.sh --node NAME=URL [--node ...] [--wait SECONDS] -- COMMAND ...
#
# URL is the node's own HTTP address, past the door. COMMAND asks the node NAME (written {}) to end or to restart; a node drains when it
# gets SIGTERM. Whatever keeps the node running has to start it again. Examples:
#
#   --node node1=http://10.0.0.1:8080 ... -- ssh {} sudo systemctl restart imakka
#   --node node1=http://10.0.0.1:8080 ... -- docker compose up -d --no-deps {}
#
# Ends with 1, and touches no further node, when one is not ready in time (--wait, default 90 s).
set -uo pipefail

names=() urls=() limit=90

usage() {
  sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

while (($#)); do
  case "$1" in
    --node) [[ "${2:-}" == *=http* ]] || usage; names+=("${2%%=*}"); urls+=("${2#*=}"); shift 2 ;;
    --wait) limit="${2:-90}"; shift 2 ;;
    --) shift; break ;;
    *) usage ;;
  esac
done
((${#names[@]} > 0 && $# > 0)) || usage

is_ready() { curl -fs -m 2 -o /dev/null "$1/readyz"; }

# How long the process behind the address has run is in its metrics only; that it went away is seen by its readiness.
wait_for() {
  local url="$1" want="$2" end=$((SECONDS + limit))
  while ((SECONDS < end)); do
    if is_ready "$url"; then [[ "$want" == ready ]] && return 0; else [[ "$want" == away ]] && return 0; fi
    sleep 0.1
  done
  return 1
}

wait_for_all() {
  local url
  for url in "${urls[@]}"; do wait_for "$url" ready || { echo "$url is not ready · 未就绪" >&2; return 1; }; done
}

for i in "${!names[@]}"; do
  name="${names[i]}"
  wait_for_all || exit 1
  echo "$(date +%T) $name: restarting · 正在重启"
  # Beside it, since a command that waits for the restart would let the moment pass.
  "${@//\{\}/$name}" &
  command=$!
  wait_for "${urls[i]}" away || { echo "$name did not drain · 未开始平滑停止" >&2; exit 1; }
  wait "$command" || { echo "$name: the command failed · 命令失败" >&2; exit 1; }
  wait_for "${urls[i]}" ready || { echo "$name did not come back · 未恢复" >&2; exit 1; }
  echo "$(date +%T) $name: ready · 就绪"
done
wait_for_all
