# shellcheck shell=sh
# What machines can see of the house rules. Read by ./run, which sets ROOT and PYTHON.

# step NAME COMMAND...: run it, and keep going when it fails, so that one run shows everything.
step() {
    name=$1
    shift
    if said=$("$@" 2>&1); then
        passed_checks=$((passed_checks + 1))
        say "ok      $name"
    else
        failed_checks=$((failed_checks + 1))
        say "FAILED  $name"
        say "$said"
    fi
}

in_production() {
    SERVANDA_MODE=production SERVANDA_ORIGIN=https://servanda.example.org \
        SERVANDA_MAIL_URL='smtp://mail.example.org:587?tls=true' "$PYTHON" manage.py "$@"
}

check_shell() { shellcheck -x -a run .ci/run; }

# say_again ANSWER FILE: what a command said and answered that is over.
say_again() {
    cat "$2"
    return "$1"
}

# check_house: answers 0 when everything holds; passed_checks and failed_checks count the steps.
check_house() {
    cd "$ROOT" || return
    passed_checks=0 failed_checks=0
    bin="$ROOT/.venv/bin"
    scratch=$(mktemp -d)
    SERVANDA_DATA_DIR="$scratch/data"
    export SERVANDA_DATA_DIR
    step "ruff: rules" "$bin/ruff" check --quiet .
    step "ruff: format" "$bin/ruff" format --check --quiet .
    # Types take as long as all the rest, which is looked at beside them.
    "$bin/mypy" >"$scratch/types" 2>&1 &
    types=$!
    step "djlint: templates" "$bin/djlint" --lint --quiet servanda/templates
    step "import-linter: floors" "$bin/lint-imports" --no-cache
    step "migrations: complete" in_production makemigrations --check --dry-run
    step "settings: fit for production" in_production check --deploy --fail-level WARNING
    [ ! -f docs/conf.py ] || step "sphinx: documentation" "$bin/sphinx-build" -W -q -b html docs "$scratch/docs"
    ! command -v shellcheck >/dev/null || step "shellcheck: scripts" check_shell
    answered=0
    wait "$types" || answered=$?
    step "mypy: types" say_again "$answered" "$scratch/types"
    unset SERVANDA_DATA_DIR
    rm -rf "$scratch"
    [ "$failed_checks" = 0 ]
}
