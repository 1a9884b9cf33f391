# shellcheck shell=sh
# The test suite on both databases, whole or its quick part. Sourced by ./run after setup.sh and check.sh.

has_chromium() {
    command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

need_chromium() {
    has_chromium >/dev/null && return
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        stop "The browser tests need chromium. Ubuntu has it only as a snap:  sudo snap install chromium" \
            "(Google Chrome does as well.) Then run this again."
    fi
    install_packages chromium-headless-shell
}

# Arabic pages are tested too. Without an Arabic font their text would be narrower than on users' screens.
need_fonts() {
    [ -e "${FONTS:-/usr/share/fonts}/truetype/noto/NotoNaskhArabic-Regular.ttf" ] || install_packages fonts-noto-core
}

# Tests convert old Word documents with LibreOffice.
need_office() {
    command -v soffice >/dev/null || install_packages libreoffice-writer-nogui
}

need_postgresql() {
    "$PYTHON" -m tests.postgres --find >/dev/null 2>&1 || install_packages postgresql
}

need_nginx() {
    command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || install_packages nginx
}

# suite NAME COMMAND...: run pytest and write its counts of passed and failed tests to $tallies/NAME.
suite() {
    name=$1
    shift
    say "" "== $name"
    "$@" --tally "$tallies/$name" && return
    failed_suites=$((failed_suites + 1))
    [ -s "$tallies/$name" ] || echo "0 1" >"$tallies/$name"
}

# check_beside: start the checks at a low priority; tests leave a twelfth of two processors idle.
check_beside() {
    {
        check_house || :
        echo "$passed_checks $failed_checks" >"$tallies/checks"
    } >"$tallies.checks" 2>&1 &
    checks=$!
    renice -n 10 -p "$checks" >/dev/null 2>&1 || :  # they may have ended
}

# print_checks: wait for the checks and print what they said.
print_checks() {
    wait "$checks" || :
    say "" "== checks"
    cat "$tallies.checks"
    rm "$tallies.checks"
    grep -qs ' 0$' "$tallies/checks" && return
    failed_suites=$((failed_suites + 1))
    [ -s "$tallies/checks" ] || echo "0 1" >"$tallies/checks"
}

# run_suites MARKS: the checks beside the tests with these marks on both databases; their counts are added up.
run_suites() {
    tallies=$(mktemp -d)
    failed_suites=0
    check_beside
    # One process works while another waits, for chromium or a server. Threads of numpy would only slow them down.
    export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
    suite SQLite "$PYTHON" -m pytest -q -n 3 --dist worksteal --durations=10 \
        -m "not postgresql_only${1:+ and $1}"
    print_checks
    suite PostgreSQL "$PYTHON" -m tests.postgres "$PYTHON" -m pytest -q -n 3 --dist worksteal --durations=10 \
        -m "database${1:+ and $1}"
    say ""
    cat "$tallies"/* | awk '{ passed += $1; failed += $2 } END { print passed " passed, " failed " failed" }'
    rm -rf "$tallies"
}

# The tests without chromium and without those marked slow: an answer while one works. Only the whole run counts.
test_quickly() {
    cd "$ROOT" || return
    unset DATABASE_URL
    need_office
    need_postgresql
    need_nginx
    run_suites "not slow and not browser"
    say "This was the quick part. Before you send a change, run all tests:  ./run test"
    [ "$failed_suites" = 0 ]
}

test_everything() {
    cd "$ROOT" || return
    unset DATABASE_URL
    need_chromium
    need_fonts
    need_office
    need_postgresql
    need_nginx
    run_suites ""
    [ "$failed_suites" = 0 ]
}
