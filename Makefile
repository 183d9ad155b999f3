# SPDX-License-Identifier: GPL-2.0-or-later
# The front door.  Meson does the work: see meson.build.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c

BUILD := build
DEPS  := .deps

PREFIX  ?= /usr/local
DESTDIR ?=
ARGS    ?=

.PHONY: run build test test-engines test-kernels test-compat test-deb bench lint fuzz coverage install clean
.PHONY: deb release build-aarch64
.PHONY: deps deps-test deps-engines deps-kernels deps-compat deps-deb deps-release deps-bench deps-coverage

run: deps
	@$(MAKE) --no-print-directory -s build
	@$(BUILD)/nsctl $(ARGS)

# What the build needs: Debian's packages, and the static libsmartcols that Debian has not.
deps:
	@tools/install-packages build
	@tools/build-smartcols "$(CURDIR)/$(DEPS)"

deps-test: deps
	@tools/install-packages test

# A virtual machine, and what is in it.
deps-kernels: deps
	@tools/install-packages kernels

# Container engines: their services are neither started nor enabled.
deps-engines:
	@tools/install-packages engines

# What calls unshare(1).
deps-compat: deps
	@tools/install-packages compat

# A Debian package is built with Debian's own libraries.
deps-deb:
	@tools/install-packages deb

deps-bench: deps
	@tools/install-packages bench

# A cross compiler, and the static libraries for aarch64.
deps-release: deps
	@tools/install-packages release
	@tools/build-smartcols "$(CURDIR)/$(DEPS)/aarch64" cross/aarch64-linux-gnu.ini
	@tools/fetch-libraries "$(CURDIR)/$(DEPS)/aarch64" arm64

deps-coverage: deps-test
	@tools/install-packages coverage

build: $(BUILD)/build.ninja
	@ninja -C $(BUILD) --quiet | sed '/^ninja: no work to do\.$$/d'

$(BUILD)/build.ninja:
	@meson setup $(BUILD) --prefix="$(PREFIX)" -Dsmartcols_dir="$(CURDIR)/$(DEPS)" >/dev/null

build-aarch64: deps-release $(BUILD)-aarch64/build.ninja
	@ninja -C $(BUILD)-aarch64 --quiet | sed '/^ninja: no work to do\.$$/d'

$(BUILD)-aarch64/build.ninja:
	@meson setup $(BUILD)-aarch64 --cross-file cross/aarch64-linux-gnu.ini -Dtests=disabled \
		-Dsmartcols_dir="$(CURDIR)/$(DEPS)/aarch64" >/dev/null

test: deps-test deps-kernels
	@[ "$$(id -u)" -ne 0 ] || tools/install-packages engines || true
	@tests/run

# Real container engines, which leave nothing on this machine; each that is not there is skipped.
test-engines: deps-test deps-engines build
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs --suite engines $(ARGS)

# The same on other kernels; ARGS=--document makes the table in docs/kernels.md anew.
test-kernels: deps-kernels build
	@tests/kernels/run $(ARGS)

# Programs of Debian that call unshare(1), with nsctl in its place; ARGS: some of them.
test-compat: deps-compat build
	@tests/compat/run $(ARGS)

# Installs, uses and removes the package in minimal Debians.
test-deb: deb
	@tests/deb/run $(BUILD)/deb/nsctl_*.deb

bench: deps-bench build
	@bench/run

lint: deps-test
	@tools/lint

fuzz: deps-test
	@fuzz/run

# Of the last commit, in release/; checks what it made.
release: deps-release
	@tools/release release

# Which lines the tests run; the report is build/coverage/index.html.
coverage: deps-coverage
	@tests/coverage $(ARGS)

install: build
	@meson configure $(BUILD) --prefix="$(PREFIX)" >/dev/null
	@DESTDIR="$(DESTDIR)" meson install -C $(BUILD) --quiet >/dev/null

# Into build/deb.
deb: deps-deb
	@tools/build-deb $(BUILD)/deb

clean:
	rm -rf $(BUILD) build-aarch64 build-asan build-coverage build-fuzz release
