# Every command a person types is one that CI runs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCHEMAS := pipeline/packshot/schemas
SITE := pipeline/packshot/api/static/index.html
PAGE := $(shell find web -path web/node_modules -prune -o -path web/e2e -prune -o -path web/tests -prune -o -name schema.d.ts -prune -o -type f -print)
# The environment's Node where it has one, else the machine's.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
CDK := PATH="$(CURDIR)/$(BIN):$$PATH" node infra/cdk/node_modules/aws-cdk/bin/cdk
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Node brings its own list of authorities; let it trust what the machine trusts, as pip and git do.
SYSTEM_CA := $(wildcard /etc/ssl/certs/ca-certificates.crt)
ifneq ($(SYSTEM_CA),)
export NODE_EXTRA_CA_CERTS ?= $(SYSTEM_CA)
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo serve page test check format bench bench-matte synth bootstrap deploy destroy schemas lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.core ## virtual environment with what the product needs

demo: setup ## turn the photos in examples/ into a catalogue in demo/
	@# Some of the examples are faulty on purpose, and exit code 1 says so: here that is as it should be.
	$(BIN)/packshot run examples/manifest.csv --out demo || [ $$? -eq 1 ]

serve: setup $(SITE) ## the page in the browser, over the folder OUT (catalogue/ unless you say another)
	$(BIN)/packshot serve $(or $(OUT),catalogue)

page: $(SITE) ## build the page into the package

test: $(VENV)/.dev $(VENV)/.asl $(VENV)/.cdk-or-not $(SITE) ## all tests
	@# The deployed stack lives in moto for a whole session, which no other test may share a process with.
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/deployed
	$(BIN)/python -m pytest -n 2 --dist loadgroup tests/deployed

check: $(VENV)/.dev web/node_modules/.done ## style, types and the walls between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(NPM) --prefix web run --silent check

format: $(VENV)/.dev web/node_modules/.done ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) --prefix web run --silent format

bench: $(VENV)/.dev ## speed against a naive script and against the floor, with quality gates
	$(BIN)/python -m benchmarks.pipeline
	$(BIN)/python -m benchmarks.runner

bench-matte: .venv-train/.done $(VENV)/.dev ## the background network against GrabCut and Otsu (renders its pictures first)
	[ ! -d ../shared/training-data ] || .venv-train/bin/python -m training.pseudomasks
	.venv-train/bin/python -m training.scenes.validation --out training/work/rendered-validation
	.venv-train/bin/python -m training.evaluate
	.venv-train/bin/python -m training.refinement
	$(BIN)/python -m benchmarks.matte_speed

synth: $(VENV)/.cdk ## the CloudFormation templates into cdk.out/, with SETTINGS='-c stage=prod' if you like
	$(CDK) synth --quiet $(SETTINGS)

bootstrap: $(VENV)/.cdk ## once per AWS account and region: what the CDK needs there
	$(CDK) bootstrap

deploy: $(VENV)/.cdk $(SITE) ## onto AWS, into the account that you are signed in to; SETTINGS as above
	$(CDK) deploy --all $(SETTINGS)

destroy: $(VENV)/.cdk ## take it down again; docs/aws.md says what stays
	$(CDK) destroy --all $(SETTINGS)

schemas: $(VENV)/.dev ## write the JSON Schemas of presets and events, and the events' samples, anew
	$(BIN)/packshot presets schema > $(SCHEMAS)/preset.schema.json
	$(BIN)/packshot events schema --into $(SCHEMAS)/events/1
	AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none $(BIN)/python -m tests.event_samples

lock: ## pin the newest fitting versions, with hashes and without index addresses
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --quiet install pip-tools
	for set in core dev infra page service stand-in vision; do CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/lock/bin/pip-compile --quiet --upgrade \
	  --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host \
	  --no-emit-find-links --output-file requirements/$$set.txt requirements/$$set.in; done

clean: ## remove what was built
	rm -rf $(VENV) .venv-train demo build dist cdk.out web/node_modules infra/cdk/node_modules tests/infra/asl/node_modules $(dir $(SITE))

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Packshot needs Python 3.11 or newer; this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.core: requirements/core.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/core.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.infra
	$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Without it some tests are skipped with a clear word; in CI they would fail, and so does this.
$(VENV)/.asl: tests/infra/asl/package-lock.json $(VENV)/.dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --prefix tests/infra/asl && touch $@ || \
	  { echo "asl-validator could not be fetched from the npm registry"; test "$$CI" != true; }

$(VENV)/.infra: requirements/infra.txt $(VENV)/.core
	$(PIP) install --require-hashes -r requirements/infra.txt
	@touch $@

# The CDK's command line; it runs on the Node that infra.txt brings.
$(VENV)/.cdk: infra/cdk/package-lock.json $(VENV)/.infra
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --prefix infra/cdk && touch $@

# For the tests, which are skipped without it, and in CI fail.
.PHONY: $(VENV)/.cdk-or-not
$(VENV)/.cdk-or-not: $(VENV)/.dev
	@$(MAKE) --no-print-directory $(VENV)/.cdk || { echo "the CDK's command line could not be fetched"; test "$$CI" != true; }

# Node 20.19 or newer builds the page; where the machine has none, it comes as a wheel.
$(VENV)/.node: requirements/page.txt | $(VENV)/bin/python
	@PATH="$(CURDIR)/$(BIN):$$PATH" node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' \
	  2>/dev/null && command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements/page.txt
	@touch $@

web/node_modules/.done: web/package-lock.json $(VENV)/.node
	$(NPM) ci --silent --prefix web
	@touch $@

$(SITE): web/node_modules/.done docs/openapi.json $(PAGE)
	$(NPM) --prefix web run --silent build

.venv-train/.done: requirements/core.txt requirements/train.txt
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/core.txt
	.venv-train/bin/python -m pip --disable-pip-version-check --quiet install -r requirements/train.txt
	.venv-train/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --editable .
	@touch $@
