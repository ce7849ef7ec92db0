#!/usr/bin/env bash
# Three nodes, PostgreSQL and nginx on this machine, as plain processes on loopback.
#
#   bash docker/local-cluster.sh            starts everything and stays; Ctrl+C stops it cleanly
#   bash docker/local-cluster.sh start      the same in the background; returns once it is ready
#   bash docker/local-cluster.sh status     what runs, and whether it is ready
#   bash docker/local-cluster.sh restart    one node after the other, as an upgrade does
#   bash docker/local-cluster.sh resume     starts nodes again that were drained to stay away (im drain)
#   bash docker/local-cluster.sh stop       stops what start has started; data stay
#   bash docker/local-cluster.sh destroy    removes the data; after stop
#
# Data, logs, certificates and the API key are in IM_LOCAL_CLUSTER (default: /var/tmp/imakka-local-<user>). Ports: 8080 (pages, API,
# /acc), 8089 (/acc) and 9001 (gRPC) for the door; 8081.. 8091.. 9011.. 4061.. for nodes 1 to 3; 5461 for PostgreSQL.
# Variables Im__... reach the nodes.
set -uo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
state="${IM_LOCAL_CLUSTER:-/var/tmp/imakka-local-$(id -un)}"
node_dll="$root/artifacts/bin/Im.Node/release/Im.Node.dll"
nginx_bin="$(command -v nginx || ls /usr/sbin/nginx 2> /dev/null)"
postgres_bin="${IM_POSTGRES:-$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)}"
postgres_port=5461
nodes=(1 2 3)

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

check_machine() {
  local missing=()
  [[ -n "$nginx_bin" ]] || missing+=(nginx)
  [[ -x "$postgres_bin/initdb" ]] || missing+=(postgresql)
  command -v curl > /dev/null || missing+=(curl)
  command -v setpriv > /dev/null || missing+=(util-linux)
  ((${#missing[@]} == 0)) || fail "Missing Debian packages: ${missing[*]} · 缺少 Debian 软件包" "  apt-get install --no-install-recommends ${missing[*]}"
  command -v dotnet > /dev/null || fail "The .NET 10 SDK is missing · 缺少 .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
}

# Somebody else's directory is not trusted, since keys are kept there.
make_state() {
  mkdir -p "$state" && [[ -O "$state" ]] || fail "$state is not ours · 目录不属于当前用户"
  # A database server of another user reaches its own part only.
  chmod 711 "$state"
  mkdir -p "$state"/{logs,run,nginx,certs}
  chmod 700 "$state"/{logs,run,nginx,certs}
}

# IM_BUILD=0 takes what is built.
build() {
  local log
  [[ "${IM_BUILD:-1}" == 0 && -f "$node_dll" ]] && return 0
  log="$(cd "$root" && dotnet build Im.Node -c Release -v q --nologo 2>&1)" || fail "$log"
}

make_secrets() {
  local node
  [[ -s "$state/api-key" ]] || (umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' > "$state/api-key")
  [[ -s "$state/jwt-key" ]] || (umask 077 && head -c 32 /dev/urandom | base64 -w0 > "$state/jwt-key")
  [[ -s "$state/certs/ca.crt" ]] || bash "$root/im" certs ca --out "$state/certs" > /dev/null || fail "im certs ca failed"
  for node in "${nodes[@]}"; do
    [[ -s "$state/certs/node$node.crt" ]] \
      || bash "$root/im" certs node --ca "$state/certs" --host 127.0.0.1 --out "$state/certs" --name "node$node" > /dev/null || fail "im certs node failed"
  done
}

# Root may not run a database server.
as_postgres() {
  if ((EUID == 0)); then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi
}

start_postgres() {
  local data="$state/pg/data"
  if [[ ! -d "$data" ]]; then
    mkdir -p "$state/pg"
    ((EUID == 0)) && chown postgres "$state/pg"
    (cd / && as_postgres "$postgres_bin/initdb" -D "$data" -U im -A trust -E UTF8 --no-locale) > "$state/logs/initdb.log" 2>&1 \
      || fail "initdb failed, see $state/logs/initdb.log"
  fi
  (cd / && as_postgres "$postgres_bin/pg_ctl" -D "$data" -w -t 60 -s -l "$data/server.log" \
    -o "-p $postgres_port -k $state/pg -c listen_addresses=127.0.0.1 -c max_connections=120" start < /dev/null > "$state/logs/pg_ctl.log" 2>&1) \
    || fail "PostgreSQL did not start, see $data/server.log"
  "$postgres_bin/psql" -h 127.0.0.1 -p $postgres_port -U im -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'im'" | grep -q 1 \
    || "$postgres_bin/createdb" -h 127.0.0.1 -p $postgres_port -U im im || fail "The database could not be made"
}

stop_postgres() {
  [[ -d "$state/pg/data" ]] || return 0
  (cd / && as_postgres "$postgres_bin/pg_ctl" -D "$state/pg/data" -w -t 60 -s -m fast stop > /dev/null 2>&1)
  return 0
}

write_nginx() {
  local files="$root/docker/nginx/im" kind
  {
    ((EUID == 0)) && echo "user root;"
    echo "pid $state/run/nginx.pid; error_log $state/logs/nginx.log warn; worker_processes auto; worker_rlimit_nofile 65536;"
    echo "worker_shutdown_timeout 1h; events { worker_connections 32768; }"
    echo "http { access_log off;"
    for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $state/nginx/$kind;"; done
    echo "include $files/proxy.conf;"
    # As in nginx/im/upstreams.conf, which says why.
    upstream im_websocket_ready 809 "max_fails=1 fail_timeout=2s" ""
    upstream im_websocket 809 "max_fails=0" ""
    upstream im_http 808 "max_fails=1 fail_timeout=2s" "keepalive 32;"
    upstream im_grpc 901 "max_fails=1 fail_timeout=2s" "keepalive 32;"
    echo "server { listen 127.0.0.1:8080 backlog=4096; listen 127.0.0.1:8089 backlog=4096; include $files/chat.conf; }"
    echo "server { listen 127.0.0.1:9001 http2; include $files/grpc.conf; }"
    echo "}"
  } > "$state/nginx/nginx.conf"
}

upstream() {
  local node
  echo "upstream $1 { zone $1 64k;"
  for node in "${nodes[@]}"; do echo "server 127.0.0.1:$2$node $3;"; done
  echo "$4 }"
}

start_nginx() {
  write_nginx
  "$nginx_bin" -p "$state/nginx" -c "$state/nginx/nginx.conf" 2> "$state/logs/nginx-start.log" || fail "nginx did not start:" "$(cat "$state/logs/nginx-start.log")"
}

stop_nginx() {
  local pid i
  pid="$(cat "$state/run/nginx.pid" 2> /dev/null)" || return 0
  kill -TERM "$pid" 2> /dev/null || return 0
  for ((i = 0; i < 100; i++)); do kill -0 "$pid" 2> /dev/null || return 0; sleep 0.1; done
  kill -KILL "$pid" 2> /dev/null
}

# Becomes the node.
run_node() {
  local node="$1" seed hash
  hash="$(sha256sum < "$state/api-key" | cut -d' ' -f1)"
  export Im__BindAddress=127.0.0.1 Im__Http__Port="808$node" Im__WebSocket__Port="809$node" Im__Grpc__Port="901$node"
  export Im__DataDirectory="$state/node$node" Im__KnownProxies__0=127.0.0.1
  export Im__Storage__Provider=postgres Im__Storage__ConnectionString="Host=127.0.0.1;Port=$postgres_port;Username=im;Database=im;SSL Mode=Disable"
  export Im__Cluster__Port="406$node" Im__Cluster__AdvertisedHost=127.0.0.1
  for seed in "${nodes[@]}"; do export "Im__Cluster__SeedNodes__$((seed - 1))=127.0.0.1:406$seed"; done
  export Im__Cluster__Tls__Certificate="$state/certs/node$node.crt" Im__Cluster__Tls__Key="$state/certs/node$node.key" Im__Cluster__Tls__CaCertificate="$state/certs/ca.crt"
  export Im__Ingress__ApiKeys__0__Id=local Im__Ingress__ApiKeys__0__Hash="$hash"
  # All nodes take the same tokens.
  if [[ "${Im__Auth__Mode:-guest}" == [jJ]* ]]; then export Im__Auth__Jwt__Key="${Im__Auth__Jwt__Key:-$(cat "$state/jwt-key")}"; fi
  cd "$(dirname "$node_dll")" || exit 1
  # A session of its own: Ctrl+C is for this script, which stops things in order.
  exec setsid dotnet "$node_dll"
}

# Starts the node again whenever it ends, as its unit file does: 71 when it was left out of the cluster, 137 when it was killed.
supervise() {
  local node="$1" pid code stopping=0
  trap 'stopping=1; kill -TERM "$pid" 2> /dev/null' TERM
  trap '' INT
  while ((!stopping)); do
    run_node "$node" >> "$state/logs/node$node.log" 2>&1 &
    pid=$!
    echo "$pid" > "$state/run/node$node.pid"
    wait "$pid"
    code=$?
    # A signal interrupts the wait before the node has drained.
    while kill -0 "$pid" 2> /dev/null; do wait "$pid"; code=$?; done
    rm -f "$state/run/node$node.pid"
    ((stopping)) && break
    # Wrong options do not mend themselves.
    ((code == 2)) && { : > "$state/run/failed"; break; }
    # Drained to stay away.
    if ((code == 72)); then
      echo "$(date +%T) node$node was drained and stays away: resume starts it · 节点已平滑停止，使用 resume 重新启动" | tee -a "$state/logs/restarts.log"
      pid=
      : > "$state/run/node$node.away"
      while [[ -f "$state/run/node$node.away" ]] && ((!stopping)); do sleep 0.2; done
      continue
    fi
    echo "$(date +%T) node$node ended with $code and is started again · 节点退出并重新启动" | tee -a "$state/logs/restarts.log"
    sleep 1
  done
}

is_ready() { curl -fs -m 2 -o /dev/null "http://127.0.0.1:808$1/readyz"; }

wait_ready() {
  local node i
  for node in "${nodes[@]}"; do
    for ((i = 0; i < 900; i++)); do
      is_ready "$node" && break
      ((i == 899 || stopping)) && return 1
      [[ -f "$state/run/failed" ]] && return 1
      sleep 0.1
    done
  done
}

banner() {
  cat << END
ImAkka runs on three nodes · 三节点集群已就绪
  Chat page 聊天页面      http://127.0.0.1:8080/
  WebSocket 长连接        ws://127.0.0.1:8080/acc, ws://127.0.0.1:8089/acc
  gRPC                    127.0.0.1:9001 (HTTP/2 without TLS)
  API docs 接口文档       http://127.0.0.1:8080/docs
  Nodes 各节点            http://127.0.0.1:8081/ http://127.0.0.1:8082/ http://127.0.0.1:8083/
  PostgreSQL              127.0.0.1:$postgres_port, user im, database im
  State 数据与日志        $state (api-key, logs, certs)
END
}

is_running() { [[ -s "$state/run/cluster.pid" ]] && kill -0 "$(cat "$state/run/cluster.pid")" 2> /dev/null; }

run() {
  local node
  # Not local: what stops them runs when this function is over.
  supervisors=()
  check_machine
  make_state
  is_running && fail "It runs already, with state in $state · 已在运行"
  build
  make_secrets
  echo $$ > "$state/run/cluster.pid"
  rm -f "$state/run/ready" "$state/run/failed" "$state"/run/node?.away
  stopping=0
  trap 'stopping=1' INT TERM
  trap 'stop_all "${supervisors[@]}"' EXIT
  start_postgres
  for node in "${nodes[@]}"; do
    supervise "$node" &
    supervisors+=($!)
  done
  start_nginx
  if ! wait_ready; then
    ((stopping)) && exit 0
    fail "Not ready · 未就绪:" "$(tail -n 3 "$state"/logs/node?.log)"
  fi
  : > "$state/run/ready"
  banner
  echo "Stop with Ctrl+C · 按 Ctrl+C 停止"
  while ((!stopping)); do wait -n 2> /dev/null || sleep 0.2; done
}

stop_all() {
  trap '' INT TERM
  echo "Stopping · 正在停止"
  local supervisor
  for supervisor in "$@"; do kill -TERM "$supervisor" 2> /dev/null; done
  for supervisor in "$@"; do wait "$supervisor" 2> /dev/null; done
  stop_nginx
  stop_postgres
  rm -f "$state/run/cluster.pid" "$state/run/ready"
}

start() {
  local pid i
  check_machine
  make_state
  is_running && fail "It runs already, with state in $state · 已在运行"
  setsid bash "${BASH_SOURCE[0]}" run < /dev/null > "$state/logs/cluster.log" 2>&1 &
  pid=$!
  for ((i = 0; i < 3000; i++)); do
    [[ -f "$state/run/ready" ]] && is_running && break
    kill -0 "$pid" 2> /dev/null || fail "$(cat "$state/logs/cluster.log")"
    sleep 0.1
  done
  banner
}

stop() {
  local pid i
  is_running || { echo "Not running · 未在运行"; return 0; }
  pid="$(cat "$state/run/cluster.pid")"
  kill -TERM "$pid"
  for ((i = 0; i < 900; i++)); do
    kill -0 "$pid" 2> /dev/null || { echo "Stopped · 已停止"; return 0; }
    sleep 0.1
  done
  fail "Still stopping; see $state/logs/cluster.log"
}

status() {
  local node pid what=0
  is_running || { echo "Not running · 未在运行"; return 3; }
  for node in "${nodes[@]}"; do
    pid="$(cat "$state/run/node$node.pid" 2> /dev/null)"
    if is_ready "$node"; then echo "node$node  ready · 就绪  (pid $pid)"; else echo "node$node  $(curl -s -m 2 "http://127.0.0.1:808$node/readyz" || echo "does not answer · 无应答")  (pid ${pid:--})"; what=1; fi
  done
  if kill -0 "$(cat "$state/run/nginx.pid" 2> /dev/null || echo x)" 2> /dev/null; then echo "nginx   running · 运行中"; else echo "nginx   not running · 未运行"; what=1; fi
  if "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p $postgres_port; then echo "postgres running · 运行中"; else echo "postgres not running · 未运行"; what=1; fi
  [[ -s "$state/logs/restarts.log" ]] && { echo "Last restarts · 最近的重启:"; tail -n 5 "$state/logs/restarts.log"; }
  return $what
}

restart() {
  is_running || fail "Not running · 未在运行"
  local node arguments=()
  for node in "${nodes[@]}"; do arguments+=(--node "node$node=http://127.0.0.1:808$node"); done
  # The supervisor of this script starts a node again as soon as it has ended.
  IM_API_KEY="$(cat "$state/api-key")" bash "$root/docker/rolling-restart.sh" "${arguments[@]}"
}

resume() {
  local stopping=0
  is_running || fail "Not running · 未在运行"
  rm -f "$state"/run/node?.away
  wait_ready
}

destroy() {
  is_running && fail "It runs: stop it first · 正在运行，请先停止"
  [[ -d "$state" ]] || return 0
  [[ -O "$state" && -d "$state/run" ]] || fail "$state is no directory of this script"
  rm -rf "$state"
}

case "${1:-run}" in
  run | start | stop | status | restart | resume | destroy) "${1:-run}" ;;
  *) sed -n '2,16s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
