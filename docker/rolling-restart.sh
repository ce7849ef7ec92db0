#!/usr/bin/env bash
# Restarts nodes one after the other, each only when all of them take users, so that at most one is away.
#
#   IM_API_KEY=... rolling-restart.sh --node NAME=URL [--node ...] [--wait SECONDS]
#   rolling-restart.sh --node NAME=URL [--node ...] [--wait SECONDS] -- COMMAND ...
#
# URL is the node's own HTTP address, past the door. Without COMMAND each node is drained by its server API, to be started again (it
# ends with 73); IM_API_KEY has the scope admin. COMMAND asks the node NAME (written {}) to end or to restart instead: a node drains
# when it gets SIGTERM. Whatever keeps the node running has to start it again. With IM_API_KEY the oldest node comes last: it has the
# coordinators of the shards, which move once then instead of each time. Examples:
#
#   --node node1=http://10.0.0.1:8080 ...
#   --node node1=http://10.0.0.1:8080 ... -- ssh {} sudo systemctl restart imakka
#   --node node1=http://10.0.0.1:8080 ... -- docker compose up -d --no-deps {}
#
# Ends with 1, and touches no further node, when one is not ready in time (--wait, default 90 s).
set -uo pipefail

names=() urls=() limit=90

usage() {
  sed -n '2,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

while (($#)); do
  case "$1" in
    --node) [[ "${2:-}" == *=http* ]] || usage; names+=("${2%%=*}"); urls+=("${2#*=}"); shift 2 ;;
    --wait) limit="${2:-90}"; shift 2 ;;
    --) shift; (($# > 0)) || usage; break ;;
    *) usage ;;
  esac
done
((${#names[@]} > 0)) || usage
(($# > 0)) || [[ -n "${IM_API_KEY:-}" ]] || { echo "IM_API_KEY is not set · 未设置 IM_API_KEY" >&2; usage; }

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

# What the node says of itself, when it changes, until it is ready again.
follow() {
  local url="$1" end=$((SECONDS + limit)) told="" reason code
  while ((SECONDS < end)); do
    reason="$(curl -s -m 2 -w '\n%{http_code}' "$url/readyz")" && code="${reason##*$'\n'}" || { reason="" code=000; }
    reason="${reason%%$'\n'*}"
    [[ "$code" == 200 ]] && return 0
    [[ -n "$reason" && "$reason" != "$told" ]] && echo "$(date +%T)   $reason"
    told="$reason"
    sleep 0.3
  done
  return 1
}

wait_for_all() {
  local url
  for url in "${urls[@]}"; do wait_for "$url" ready || { echo "$url is not ready · 未就绪" >&2; return 1; }; done
}

# The key goes by standard input, since arguments are seen by every user of the machine.
ask() { printf 'header = "x-api-key: %s"\n' "$IM_API_KEY" | curl -sSf -m 10 -K - "$@"; }

drain() { ask -o /dev/null -X POST -H 'content-type: application/json' -d '{"restart":true}' "$1/api/v1/cluster/nodes/self:drain"; }

# The node says of each member whether it is the oldest, and which of them it is itself.
is_oldest() {
  local cluster self
  cluster="$(ask "$1/api/v1/cluster" | tr -d ' \n')" || return 1
  self="$(sed -n 's/.*"asked":"\([^"]*\)".*/\1/p' <<< "$cluster")"
  [[ -n "$self" ]] && tr '{' '\n' <<< "$cluster" | grep -F "\"address\":\"$self\"" | grep -q '"oldest":true'
}

put_oldest_last() {
  local i
  for i in "${!names[@]}"; do
    is_oldest "${urls[i]}" || continue
    names+=("${names[i]}") urls+=("${urls[i]}")
    unset "names[i]" "urls[i]"
    return
  done
}

wait_for_all || exit 1
[[ -n "${IM_API_KEY:-}" ]] && put_oldest_last
for i in "${!names[@]}"; do
  name="${names[i]}"
  wait_for_all || exit 1
  echo "$(date +%T) $name: restarting · 正在重启"
  # Beside it, since a command that waits for the restart would let the moment pass.
  if (($# > 0)); then "${@//\{\}/$name}" & else drain "${urls[i]}" & fi
  command=$!
  wait_for "${urls[i]}" away || { echo "$name did not drain · 未开始平滑停止" >&2; exit 1; }
  follow "${urls[i]}" || { echo "$name did not come back · 未恢复" >&2; exit 1; }
  wait "$command" || { echo "$name: the command failed · 命令失败" >&2; exit 1; }
  echo "$(date +%T) $name: ready · 就绪"
done
wait_for_all
