# What a killed process cannot show, because the page cache outlives it: that data and names were on the disk
# before something was built on them. Reads the trace of shim.c, of an undisturbed run with one job and one
# process; prints what is in the wrong order and ends with 1.
#
# Set: needs="outbox cash archive state/staging", the folders that must have received a file, so that
# a trace of nothing does not pass.

function wrong(what) { printf "call %d: %s\n", $1, what; bad = 1 }

function folder_of(path) { return path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : "" }

# A kept file, by where it lies: "" for everything else.
function place_of(path) {
    return match(path, /^(outbox|cash|archive|state\/staging)\//) ? substr(path, 1, RLENGTH - 1) : ""
}

function unsynced_folders(   names, folder) {
    for (folder in names_dirty) {
        names = names " " (folder == "" ? "." : folder) "/ (since call " names_dirty[folder] ")"
    }
    return names
}

# Rule 1: data before its name. A file that somebody else wrote is not in `data_dirty`.
# Rule 2: what the ledger says about a move or a release is on the disk before the move.
# Rule 3: the list names files; whoever sees it must find them, and its signature.
function renamed(from, to) {
    if (from in data_dirty) {
        wrong(from " gets the name " to " before its data is synced")
    }
    if (place_of(to) != "" && place_of(to) != "state/staging" && ledger_dirty) {
        wrong(to " appears before the ledger is synced (written at call " ledger_dirty ")")
    }
    if (to ~ /^outbox\/.*\.sha256$/) {
        if (unsynced_folders() != "") {
            wrong("the list " to " appears before these are synced:" unsynced_folders())
        }
        if (!((to ".p7s") in present)) {
            wrong("the list " to " appears before its signature")
        }
    }
    received[place_of(to)]++
    if (place_of(to) ~ /^(outbox|cash)$/) { released = $1 }
    present[to] = 1
    names_dirty[folder_of(from)] = names_dirty[folder_of(to)] = $1
}

# Rule 4: names before the ledger that relies on them. With one job nothing else is under way at a write.
function ledger_written() {
    if (unsynced_folders() != "") {
        wrong("the ledger is written before these are synced:" unsynced_folders())
    }
    ledger_dirty = $1
    ledger_writes++
    released = 0
}

BEGIN { FS = "\t" }
$2 != "done" { next }
$3 == "create" || $3 == "write" || $3 == "pwrite" || $3 == "ftruncate" {
    if ($4 == "state/ledger.db-wal") {
        if ($3 != "create") { ledger_written() }
    } else if (place_of($4) != "") {
        data_dirty[$4] = $1
    }
}
$3 == "mkdir" { names_dirty[folder_of($4)] = $1 }
$3 == "rename" { renamed($4, $5) }
$3 == "fsync" || $3 == "fdatasync" {
    delete data_dirty[$4]
    delete names_dirty[$4]
    if ($4 == "state/ledger.db-wal") { ledger_dirty = 0 }
}
END {
    n = split(needs, need, " ")
    for (i = 1; i <= n; i++) {
        if (!received[need[i]]) { wrong("the trace shows no file that came into " need[i] "/") }
    }
    if (!ledger_writes) { wrong("the trace shows no write to the ledger") }
    if (released) { wrong("the ledger is not told of what came into outbox/ or cash/ at call " released) }
    if (ledger_dirty) { wrong("the ledger's last write (call " ledger_dirty ") is not synced") }
    if (unsynced_folders() != "") { wrong("at the end these are not synced:" unsynced_folders()) }
    exit bad
}
