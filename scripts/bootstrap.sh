#!/usr/bin/env bash
# Installs what is missing, saying what and why: system packages, .venv, the pages' scripts, catalogues.
# `bootstrap.sh demo` brings what the site needs, `bootstrap.sh tests` the browser as well.
# A stamp in var/stamps remembers each finished step, so that a second run takes a second.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-demo}"
stamps=var/stamps

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() { printf '\n%s\n' "$@" >&2; exit 1; }

# --- what an earlier run as root left behind -----------------------------------------------------------------------
if [ "$(id -u)" -ne 0 ]; then
    foreign=$(find .venv var frontend/node_modules anlan/web/static/built -maxdepth 1 ! -user "$(id -un)" 2>/dev/null || true)
    [ -z "$foreign" ] || stop "These were made by another user (an earlier run as root?), and $(id -un) cannot use them:" \
        "$foreign" "Remove them and run again:  sudo rm -rf .venv var frontend/node_modules anlan/web/static/built"
fi
[ -w . ] || stop "$(id -un) may not write in $PWD; clone the project to a folder of your own."
mkdir -p "$stamps" var/run var/log var/out

# --- system packages ------------------------------------------------------------------------------------------------
missing=() reasons=()
need() { missing+=($1); reasons+=("  $1: $2"); }
has_library() { [ -n "$(find /usr/lib /usr/lib64 /usr/local/lib -maxdepth 3 -name "$1*" -print -quit 2>/dev/null)" ]; }
python_works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
find_python() {
    local name
    for name in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if python_works "$name"; then command -v "$name"; return; fi
    done
}
has_postgis() {
    local control
    for control in /usr/share/postgresql/*/extension/postgis.control; do
        [ -x "/usr/lib/postgresql/$(basename "$(dirname "$(dirname "$control")")")/bin/initdb" ] && return
    done
    return 1
}
find_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome || true; }

[ -n "$(find_python)" ] || need "python3 python3-venv" "the language Anlan is written in, and its separate package folder"
if [ -z "${DATABASE_URL:-}" ]; then
    has_postgis || need "postgresql postgresql-postgis" "the database with maps; ours runs beside any other, on its own port"
else
    has_library libgdal.so || need "gdal-bin" "map formats, used beside the database in DATABASE_URL"
    command -v pg_dump >/dev/null || [ -n "$(ls /usr/lib/postgresql/*/bin/pg_dump 2>/dev/null)" ] ||
        need "postgresql-client" "makes and reads backups"
fi
has_library libpango-1.0.so.0 || need "libpango-1.0-0" "lays out the text of PDF reports"
has_library libpangoft2-1.0.so.0 || need "libpangoft2-1.0-0" "fonts in PDF reports"
has_library libharfbuzz-subset.so.0 || need "libharfbuzz-subset0" "makes PDF reports small"
[ -n "$(find /usr/share/fonts -name 'NotoSansCJK*' -print -quit 2>/dev/null)" ] ||
    need "fonts-noto-cjk" "Chinese characters in reports and pictures"
has_program() { [ -n "$(PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1")" ]; }
if [ "$purpose" = tests ] || [ -z "${ANLAN_MQTT_URL:-}" ]; then
    has_program mosquitto || need "mosquitto" "the broker to which sensors speak MQTT; ours runs beside any other, on its own port"
fi
if [ "$purpose" = tests ]; then
    has_program mosquitto_pub || need "mosquitto-clients" "speaks to the broker as a sensor does, in the tests"
fi
if [ "$purpose" = tests ] && [ -z "$(find_browser)" ]; then
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        say "No browser: Ubuntu offers Chromium as a snap only, so the browser tests will be skipped."
    else
        need "chromium" "the browser in which the tests use the site"
        [ "$(id -u)" -eq 0 ] || need "chromium-sandbox" "lets the browser run for a plain user"
    fi
fi

install_packages() {
    local as_root=()
    say "Installing system packages (apt):"
    printf '%s\n' "${reasons[@]}"
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || return 1
        sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; } || return 1
        as_root=(sudo)
    fi
    local apt=(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -y -qq)
    "${apt[@]}" update >var/log/apt.log 2>&1 || { tail -5 var/log/apt.log >&2; return 1; }
    "${apt[@]}" install --no-install-recommends "${missing[@]}" >>var/log/apt.log 2>&1 || { tail -15 var/log/apt.log >&2; return 1; }
}

if [ "${#missing[@]}" -gt 0 ]; then
    install_packages || stop "The packages above could not be installed from here. Three ways on:" \
        "  1. ask an administrator for:  apt-get install ${missing[*]}" \
        "  2. use a PostgreSQL with PostGIS elsewhere:  DATABASE_URL=postgresql://user:password@host:5432/anlan make demo" \
        "     (the other packages above are still needed)" \
        "  3. run everything in containers:  docker compose -f deploy/compose.yaml up" \
        "What apt said is in var/log/apt.log."
fi

# --- Python packages ------------------------------------------------------------------------------------------------
done_with() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }
lock=$(cat requirements-dev.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if ! done_with python "$lock" || ! .venv/bin/python -c '' 2>/dev/null; then
    say "Python packages into .venv, each checked against its hash in requirements-dev.lock (a few minutes)"
    python=$(find_python)
    .venv/bin/python -c 'import pip' 2>/dev/null || "$python" -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
    echo "$lock" >"$stamps/python"
fi

# --- the pages' scripts and styles ----------------------------------------------------------------------------------
node_of() {
    local version
    version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${version:-0}" -ge 20 ] && command -v npm >/dev/null
}
# The system's Node when it is 20 or newer (Debian 12 has 18), else the one among the Python packages.
node_of || PATH="$PWD/.venv/bin:$PATH"
modules=$(sha256sum frontend/package-lock.json | cut -d' ' -f1)
if ! done_with node "$modules" || [ ! -d frontend/node_modules ]; then
    say "The pages' libraries into frontend/node_modules (node $(node --version))"
    npm ci --prefix frontend --ignore-scripts --no-audit --no-fund --loglevel=error
    echo "$modules" >"$stamps/node"
fi
# Templates and navigation name the icons that go into the sprite.
sources=$(find frontend anlan/*/templates anlan/*/apps.py -path frontend/node_modules -prune -o -type f -print0 | sort -z |
    xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
if ! done_with built "$sources" || [ ! -d anlan/web/static/built ]; then
    say "Building the pages' scripts and styles"
    npm run build --prefix frontend --silent
    echo "$sources" >"$stamps/built"
fi

# --- Chinese --------------------------------------------------------------------------------------------------------
.venv/bin/python scripts/messages.py compile
