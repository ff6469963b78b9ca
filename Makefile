# The commands of every day; Meson does the building.
#
#   make          build/strata            make test     everything that must hold (under ten minutes)
#   make demo     a generated portfolio   make unit     the unit tests only (seconds)
#   make lint     layers, style, format   make tidy     clang-tidy over the project's sources
#   make asan     tests under sanitizers  make valgrind unit tests under valgrind
#   make fuzz     long fuzzing          make coverage line coverage by file
#   make bench    the benchmarks          make format   clang-format, in place
#   make test-million   a million accounts in the browser, with timings (minutes)
#
# A machine that was set up in another way: make SETUP=:

BUILD = build
SETUP = scripts/setup
DEMO = demo/acme
PREFIX = /usr/local

all: $(BUILD)/build.ninja
	@echo 'building $(BUILD)/strata'
	@ninja -C $(BUILD) strata >$(BUILD)/make.log 2>&1 || { cat $(BUILD)/make.log; exit 1; }

setup:
	@$(SETUP)

$(BUILD)/build.ninja: | setup
	@meson setup $(BUILD) --prefix=$(PREFIX) >$(BUILD).log 2>&1 || { cat $(BUILD).log; rm -f $(BUILD).log; exit 1; }
	@rm -f $(BUILD).log

demo: all
	@scripts/demo $(BUILD)/strata $(DEMO)

test:
	@scripts/check

unit: $(BUILD)/build.ninja
	@meson test -C $(BUILD) --suite unit --print-errorlogs

test-million: all
	@node tests/web/test_million.mjs . $(BUILD)

lint:
	@scripts/check lint

tidy:
	@TIDY_ALL=1 TIDY_STEPS=225000 scripts/check tidy

asan:
	@ASAN_ALL=1 scripts/check asan

valgrind:
	@VALGRIND_ALL=1 scripts/check valgrind

fuzz:
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-600} scripts/check fuzz

coverage:
	@scripts/check coverage

bench: all
	@scripts/bench

format:
	@git ls-files '*.[ch]' | xargs clang-format -i

install: all
	@meson install -C $(BUILD) --quiet

clean:
	@rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-coverage

.PHONY: all setup demo test test-million unit lint tidy asan valgrind fuzz coverage bench format install clean
