# mlrepl: `make run` and `make test` install what is missing, build, and go.

PREFIX ?= /usr/local
ARGS ?=

# Debian packages of the C libraries: line editing, linear algebra, Markdown, pictures.
PACKAGES := libreadline-dev libopenblas-dev libcmark-gfm-dev libcairo2-dev pkg-config
# The static Swift library halves the time to start.
RELEASE := -c release --static-swift-stdlib -Xswiftc -use-ld=lld --product mlrepl
PROGRAM := .build/release/mlrepl
SOURCES := $(shell find Sources Package.swift -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run build test bench check lint sanitize install setup

help: ## List the targets.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

run: $(PROGRAM) ## Start mlrepl; ARGS="learn 3" are its arguments.
	@$(PROGRAM) $(ARGS)

build: $(PROGRAM) ## Build the program.

$(PROGRAM): $(SOURCES) | setup
	@swift build $(RELEASE) 1>&2
	@touch $(PROGRAM)

test: setup ## Run every test.
	swift test

bench: $(PROGRAM) ## Time the program against the peers that are installed.
	@$(PROGRAM) bench $(ARGS)

check: lint test build ## Lint, tests, and the promises of lessons and examples.
	$(PROGRAM) test lessons examples

lint: ## Hold the sources against the style.
	swift format lint --strict --recursive Package.swift Sources Tests examples

sanitize: setup ## Run the tests under the address sanitizer, then under the thread sanitizer.
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-address
	@# The thread sanitizer slows most, so it gets optimised code. It follows 65,536 frames; the tests
	@# that are skipped recurse as deep as limits allow.
	TSAN_OPTIONS=report_bugs=1 swift test -c release -Xswiftc -enable-testing --sanitize=thread \
	  --scratch-path .build-thread --skip 'RobustnessTests|HostileInputTests'

install: $(PROGRAM) ## Install program and lessons under PREFIX (/usr/local).
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/mlrepl/lessons
	install -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/mlrepl
	install -m 644 lessons/*.md $(DESTDIR)$(PREFIX)/share/mlrepl/lessons
	cp -R Benchmarks $(DESTDIR)$(PREFIX)/share/mlrepl/

setup: # Install the C libraries that are missing.
	@sh Scripts/setup $(PACKAGES)
