# Two commands on a fresh machine with Go: make run, make test.

GO      ?= go
BIN     := bin/crosstalk
# Every check of staticcheck; ST1005 would forbid error texts that end in a proper name.
CHECKS  := all,-ST1005
FAULT   ?= switch-drops-filter

# Everything is compiled in one way, that of make build, and so once: with a cold cache compiling takes longer than all
# tests. The race detector alone needs cgo. It looks at no code of modernc.org's, which is translated from C and locked
# by database/sql, and would take most of its time.
export CGO_ENABLED := 0
export GOFLAGS     := $(shell $(GO) env GOFLAGS) -trimpath
RACE := CGO_ENABLED=1 $(GO) test -vet=off -race -gcflags='modernc.org/...=-race=false' -short

# The tests: make lint vets them. Those that wait for containers come first, and others run meanwhile.
TEST   := $(GO) test -vet=off -ldflags=-w
LONG   := ./harness/cmd/crosstalk ./harness/internal/setup ./targets/container ./harness ./harness/internal/doctor

.PHONY: help build pocketbase run test long browser lint bench faults golden proof generate fuzz clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  \1|/' | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

build: ## build bin/crosstalk, a static binary that is its own container image, too
	@CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./harness/cmd/crosstalk

pocketbase: ## build bin/pocketbase, a service of others to put under test (targets/pocketbase); about 90 s with an empty cache
	@CGO_ENABLED=0 $(GO) build -C targets/pocketbase -trimpath -ldflags="-s -w" -o $(CURDIR)/bin/pocketbase .

run: build ## the main job: find and shrink a leak (FAULT=...), embedded and in a container, then clear the correct clinic
	@echo "== The clinic with the seeded fault $(FAULT), in this process"
	@$(BIN) run --fault $(FAULT); test $$? -eq 1
	@echo
	@echo "== The same in a container"
	@$(BIN) run --fault $(FAULT) --target container:clinic; code=$$?; \
	 if [ $$code -eq 3 ]; then echo "skipped: containers need a Docker engine"; else test $$code -eq 1; fi
	@echo
	@echo "== The correct clinic, in this process"
	@$(BIN) run

test: browser ## all tests; those with containers are skipped where no Docker engine answers, report.html's where there is no browser
	$(TEST) -p 4 $(LONG) ./...
	$(GO) test -C targets/pocketbase -vet=off -ldflags=-w ./...
	$(RACE) -skip 'EachFault' $$($(GO) list ./targets/... | grep -v /container$$)
	$(RACE) -run 'Explore|GoTest|Panic|Interrupted|Comparing|Polling|Lag' ./harness ./harness/internal/judge ./harness/internal/reduce

long: ## what takes longer than make test may: the proof with all seeds and traces, and containers under the race detector
	$(TEST) -count=1 -timeout 15m -run 'EachFaultIsFoundByDrawing|RightfulServices' ./harness -seeds 5 -traces 2000
	$(RACE) ./targets/container

browser: ## install Debian's chromium, in which report.html is tested, where it is missing and root may do so
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	 if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	   apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null || \
	   echo "chromium could not be installed: the tests of report.html are skipped, or fail where they are required"; \
	 else echo "no chromium: the tests of report.html are skipped"; fi

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l harness models scenarios targets)" || { gofmt -d harness models scenarios targets; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck -checks $(CHECKS) ./...
	$(GO) vet -C targets/pocketbase ./...
	cd targets/pocketbase && $$(cd ../.. && $(GO) tool -n staticcheck) -checks $(CHECKS) ./...

bench: ## drawing, throughput and reduction as ratios to a bare client and to rapid's own shrinker
	$(GO) test -run '^$$' -bench . -timeout 30m ./models ./scenarios ./targets/... ./harness

faults: build ## explore the clinic once for each seeded fault and print the table
	$(BIN) faults

proof: build ## the whole proof: five seeds of each fault, 2,000 traces of each service that conforms, what is drawn; it writes the tables anew
	$(GO) test -count=1 -timeout 3h -run 'EachFault|Rightful' ./harness -seeds 5 -choices 500 -combinations 50 -update
	$(GO) test -count=1 -timeout 1h -run FoundOut ./models -walks 500
	$(BIN) faults --seed 1 --seeds 5 --proof

golden: ## write the golden files anew
	$(GO) test $$(grep -rlE 'internal/golden"|flag.Bool\("update"' models harness targets --include=*_test.go | xargs -n1 dirname | sort -u | sed 's,^,./,') \
	  -run 'Golden|Syntax|Help|Rules|Errors|EveryProblem|SchemaFile|Mistakes|InABrowser|Tables|Otherwise' -update

generate: ## generate the server's and the client's types from targets/clinic/openapi.yaml
	$(GO) generate ./...

fuzz: ## run each fuzz target for a minute
	@grep -rlE '^func Fuzz' harness models targets --include=*_test.go | xargs -n1 dirname | sort -u | while read -r dir; do \
	   for target in $$(cat $$dir/*_test.go | sed -nE 's/^func (Fuzz[A-Za-z]+).*/\1/p'); do \
	     $(GO) test ./$$dir -run '^$$' -fuzz "^$$target\$$" -fuzztime 1m -fuzzminimizetime 10x || exit 1; done; done

clean: ## remove what was built and the results of runs
	rm -rf bin crosstalk-out
