# chitra - one makefile, no recursion. `make help` lists the targets.
#
# MODE=release|debug|asan|cov|fuzz picks a flavour; its objects live in build/<MODE>/. CC=clang works too
# (use another BUILD= beside a gcc tree). ROOMS= builds only some folders of src/, for working on one.

MODE    ?= release
BUILD   ?= build/$(MODE)
PREFIX  ?= /usr/local
ROOMS   ?= base sys sign site intake law screen route ledger iso20022 cash stats run cli
VERSION := 0.1.0

# What may include what: a room sees the rooms named here, through include/chitra/.
LAYERS := base: | sys: base | sign: base sys | site: base sys sign | intake: base | law: base \
	| screen: base | route: base | ledger: base sys sign | iso20022: base sys types \
	| cash: base | stats: base sys ledger \
	| run: base sys sign site intake law screen route ledger iso20022 cash stats \
	| cli: base sys sign site intake law screen route ledger iso20022 cash stats run

PACKAGES := gcc libc6-dev make pkg-config libxml2-dev libssl-dev zlib1g-dev libsqlite3-dev \
	libxmlsec1-dev libutf8proc-dev libxlsxwriter-dev libcmocka-dev libxml2-utils xmlsec1 openssl sqlite3 gzip
PKGS := libxml-2.0 libcrypto zlib xmlsec1-openssl libutf8proc xlsxwriter
# SQLite alone is linked into the program: in the shared library each call from one of its functions to another
# goes through a table, and a month spends half its time there.
SQLITE := -l:libsqlite3.a -lm

# `make deps` runs before anything else that builds, so the compiler flags are asked for late.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS   = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)) $(SQLITE))$(PKG_LIBS)

ifeq ($(origin CC),default)
CC := gcc
endif
WARN := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Werror
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong
FLAGS_debug   := -O0 -g3
FLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_cov     := -O0 -g --coverage
FLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
MODE_FLAGS    := $(FLAGS_$(MODE))
ifeq ($(MODE_FLAGS),)
$(error MODE=$(MODE) is none of release debug asan cov fuzz)
endif
CPPFLAGS_ALL = -Iinclude -iquote src -D_GNU_SOURCE -DCHITRA_VERSION='"$(VERSION)"' -DCHITRA_PREFIX='"$(PREFIX)"' $(CPPFLAGS)
CFLAGS_ALL   = -std=c17 -pthread $(WARN) $(MODE_FLAGS) $(PKG_CFLAGS) $(CFLAGS)
LDFLAGS_ALL  = -pthread $(MODE_FLAGS) $(LDFLAGS)

SOURCES := $(foreach room,$(ROOMS),$(sort $(wildcard src/$(room)/*.c src/$(room)/*/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libchitra.a
PROGRAM := $(BUILD)/chitra
UNITS   := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(sort $(wildcard tests/fuzz/fz_*.c)))
HEADERS := $(sort $(wildcard include/chitra/*.h))

# V=1 shows the whole commands.
Q   := $(if $(V),,@)
say := @$(if $(V),:,echo)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

.PHONY: all help deps check unit law-cases cli-cases fault simulated sim sim-law check-fault demo install asan coverage fuzz fuzzers bench bench-law lint layers headers clean FORCE

all: $(PROGRAM) ## the program: build/<MODE>/chitra, with build/chitra a link to it
	@ln -sfn $(MODE)/chitra build/chitra

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | sort | column -t -s "$$(printf '\t')"

# Objects depend on the stamp, so that another compiler or another flag rebuilds them.
$(BUILD)/flags: deps FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL)' | cmp -s - $@ || printf '%s\n' '$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL)' > $@

$(BUILD)/%.o: src/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c $< -o $@

$(LIBRARY): $(OBJECTS)
	@rm -f $@
	$(Q)ar rcs $@ $(OBJECTS)

$(PROGRAM): $(BUILD)/main.o $(LIBRARY)
	$(say) LD $@
	$(Q)$(CC) $(LDFLAGS_ALL) $< $(LIBRARY) $(PKG_LIBS) -o $@

$(BUILD)/unit/%: tests/unit/%.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -Wno-missing-prototypes -MMD -MP $(LDFLAGS_ALL) $< $(LIBRARY) $(PKG_LIBS) -lcmocka -o $@

# The runner of the law's cases: a program of its own, because it reports rules that no case touches.
$(BUILD)/law_cases: $(wildcard tests/law/*.c tests/law/*.h) $(LIBRARY) $(BUILD)/flags
	$(say) CC tests/law
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(filter %.c,$^) $(LIBRARY) $(PKG_LIBS) -o $@

-include $(OBJECTS:.o=.d) $(BUILD)/main.d $(BUILD)/bench_law.d $(UNITS:%=$(BUILD)/unit/%.d) $(FUZZERS:=.d)

deps: ## installs what is missing on a Debian 12 machine (as root or through sudo)
	@tests/deps.sh $(PACKAGES)

check: lint layers headers unit law-cases cli-cases fault simulated ## every test
	@tests/summary.sh $(BUILD)/results

unit: $(UNITS:%=$(BUILD)/unit/%) ## the unit tests (UNIT=test_money: one of them)
	@tests/unit/run.sh $(BUILD)/results $(if $(UNIT),$(BUILD)/unit/$(UNIT),$(UNITS:%=$(BUILD)/unit/%))

law-cases: all $(BUILD)/law_cases ## the law's cases: tests/law/*.case
	@tests/law/run.sh $(PROGRAM) $(BUILD)/results

cli-cases: all $(BUILD)/law_cases ## the command line's cases: tests/cli/*/
	@tests/cli/run.sh $(PROGRAM) $(BUILD)/results

# Without the sanitizers, which would want to be loaded first.
$(BUILD)/fault/shim.so: tests/fault/shim.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -O1 -g -fPIC -shared $< -o $@

fault: all $(BUILD)/fault/shim.so ## a kill or a failure at one call of each kind, and the tests of this test
	@tests/fault/sweep.sh $(PROGRAM) $(BUILD)/results 100 month receive void reissue
	@tests/fault/self.sh $(PROGRAM) $(BUILD)/results

simulated: all $(BUILD)/fault/shim.so
	@tests/sim/run.sh $(PROGRAM) $(BUILD)/results
	@tests/sim-law/run.sh $(PROGRAM) $(BUILD)/results

sim-law: all ## two hundred months of decisions that come late and change backwards (SEED=1)
	@tests/sim-law/run.sh $(PROGRAM) $(BUILD)/sim-law 200 $(or $(SEED),1)

sim: all $(BUILD)/fault/shim.so ## half years with a simulated bank, killed and not (N=3 seeds, some minutes each)
	@tests/sim/run.sh $(PROGRAM) $(BUILD)/sim $(or $(N),3)

check-fault: all $(BUILD)/fault/shim.so ## a kill and failures at every call, some 11,000 (twenty minutes)
	@tests/fault/cut_off.sh $(PROGRAM) $(BUILD)/check-fault
	@tests/fault/sweep.sh $(PROGRAM) $(BUILD)/check-fault

demo: all ## a site in build/demo, one month run in it
	@tests/demo.sh $(PROGRAM) build/demo

bench: all ## payments per CPU second, memory, share of each stage (N=200000 people)
	@tests/bench/run.sh $(PROGRAM) $(or $(N),200000)
	@tests/bench/receive.sh $(PROGRAM) $(or $(N),200000)

# The law alone: what counts there is calculation, not the month around it.
$(BUILD)/bench_law: tests/bench/bench_law.c $(LIBRARY) $(BUILD)/flags
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) $< $(LIBRARY) $(PKG_LIBS) -o $@

bench-law: all $(BUILD)/bench_law ## entitlements a second that the law calculates on one core, by family (N=20000 people)
	@tests/bench/law.sh $(PROGRAM) $(BUILD)/bench_law $(or $(N),20000)

asan: ## the whole check under AddressSanitizer and UBSan
	$(MAKE) check MODE=asan

coverage: ## the whole check with gcov, and the lines not reached
	$(MAKE) check MODE=cov
	@cd build/cov && find . -name '*.gcda' -exec gcov -r -s ../.. {} + > coverage.txt; tail -n 3 coverage.txt

$(BUILD)/fuzz/%: tests/fuzz/%.c tests/fuzz/start.c $(LIBRARY) $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP $(LDFLAGS_ALL) -fsanitize=fuzzer $< tests/fuzz/start.c $(LIBRARY) $(PKG_LIBS) -o $@

fuzzers: $(FUZZERS)

fuzz: ## every fuzz target under libFuzzer, ASan and UBSan; needs clang (N=60 seconds for each)
	@command -v clang >/dev/null || { echo 'make fuzz needs clang with libFuzzer: apt-get install clang' >&2; exit 1; }
	@$(MAKE) fuzzers MODE=fuzz CC=clang
	@tests/fuzz/run.sh build/fuzz $(or $(N),60)

lint: ## banned calls, floating point in money code, sizes
	@tests/lint.sh

layers: ## the directions of #include
	@tests/layers.sh "$(LAYERS)"

headers: deps $(HEADERS) ## every header compiles alone
	@for header in $(HEADERS); do \
		$(CC) $(CPPFLAGS_ALL) -std=c17 $(WARN) -fsyntax-only -x c $$header || exit 1; done

install: all ## PREFIX=/usr/local DESTDIR=
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/chitra $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/chitra
	cp -R formats $(DESTDIR)$(PREFIX)/share/chitra/
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 man/*.7 $(DESTDIR)$(PREFIX)/share/man/man7
	install -d $(DESTDIR)$(PREFIX)/share/doc/chitra $(DESTDIR)$(PREFIX)/lib/systemd/system/chitra-.service.d
	install -m 644 contrib/crontab $(DESTDIR)$(PREFIX)/share/doc/chitra/crontab
	install -m 644 contrib/systemd/chitra-.service.d/site.conf $(DESTDIR)$(PREFIX)/lib/systemd/system/chitra-.service.d
	install -m 644 contrib/systemd/*.timer $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in contrib/systemd/*.service; do \
		to=$(DESTDIR)$(PREFIX)/lib/systemd/system/$${unit##*/}; \
		sed 's|@PREFIX@|$(PREFIX)|' $$unit > $$to && chmod 644 $$to || exit 1; done

clean: ## removes build/
	rm -rf build
