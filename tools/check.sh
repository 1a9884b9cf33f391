# shellcheck shell=sh
# The checks of `./run check`. Sourced by ./run, which sets ROOT and PYTHON.

# step NAME COMMAND...: run a check and print its output only if it fails. A failure does not stop the other checks.
step() {
    name=$1
    shift
    if output=$("$@" 2>&1); then
        passed_checks=$((passed_checks + 1))
        say "ok      $name"
    else
        failed_checks=$((failed_checks + 1))
        say "FAILED  $name"
        say "$output"
    fi
}

in_production() {
    SERVANDA_MODE=production SERVANDA_ORIGIN=https://servanda.example.org \
        SERVANDA_MAIL_URL='smtp://mail.example.org:587?tls=true' "$PYTHON" manage.py "$@"
}

check_shell() { shellcheck -x -a run .ci/run; }

# print_result STATUS FILE: print the output of a finished command and return its exit status.
print_result() {
    cat "$2"
    return "$1"
}

# check_house [alone]: return 0 if all checks pass; passed_checks and failed_checks count them. "alone" means that the
# test suite does not follow, so the tests that only read the project's files are among the checks.
check_house() {
    cd "$ROOT" || return
    passed_checks=0 failed_checks=0
    bin="$ROOT/.venv/bin"
    scratch=$(mktemp -d)
    SERVANDA_DATA_DIR="$scratch/data"
    export SERVANDA_DATA_DIR
    step "ruff: rules" "$bin/ruff" check --quiet .
    step "ruff: format" "$bin/ruff" format --check --quiet .
    # mypy takes as long as all other checks together, so it runs beside them.
    "$bin/mypy" >"$scratch/types" 2>&1 &
    types=$!
    step "djlint: templates" "$bin/djlint" --lint --quiet servanda/templates
    step "import-linter: floors" "$bin/lint-imports" --no-cache
    step "migrations: complete" in_production makemigrations --check --dry-run
    step "settings: fit for production" in_production check --deploy --fail-level WARNING
    [ ! -f docs/conf.py ] || step "sphinx: documentation" "$bin/sphinx-build" -W -q -b html docs "$scratch/docs"
    ! command -v shellcheck >/dev/null || step "shellcheck: scripts" check_shell
    [ "${1:-}" != alone ] || step "pytest: texts, templates and sizes" "$PYTHON" -m pytest -q -n 0 -m static tests/house
    status=0
    wait "$types" || status=$?
    step "mypy: types" print_result "$status" "$scratch/types"
    unset SERVANDA_DATA_DIR
    rm -rf "$scratch"
    [ "$failed_checks" = 0 ]
}
