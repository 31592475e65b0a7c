#!/usr/bin/env bash
# Style, types and the direction of imports.
. "$(dirname "$0")/steps.sh"

step "ruff: style"
.venv/bin/ruff check
.venv/bin/ruff format --check
step "mypy: types"
.venv/bin/mypy
step "import-linter: imports point down"
.venv/bin/lint-imports
