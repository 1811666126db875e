#!/usr/bin/env bash
# Writes the hashed locks from the ranges in pyproject.toml. A lock names no index: pip uses the one it is set up with.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
    .venv/bin/uv pip compile pyproject.toml --extra install "$@" --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header --quiet
}
compile --upgrade --output-file requirements.lock
compile --extra dev --constraint requirements.lock --upgrade --output-file requirements-dev.lock
compile --extra bench --constraint requirements-dev.lock --upgrade --output-file requirements-bench.lock
