# make help tells what there is. The work is done by the scripts in setup/.
# Settings: PYTHON=/path/to/python3   ENGINE=manual (install and start no container engine)

.DEFAULT_GOAL := help
.NOTPARALLEL:
export PYTHON ENGINE

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: lab
lab: setup ## do all the set-up, then open JupyterLab on the quickstart
	@setup/with-engine.sh setup/lab.sh

.PHONY: test
test: setup browser ## do all the set-up, then run every test: unit, engine, browser, notebooks
	@setup/with-engine.sh setup/test.sh

.PHONY: check
check: environment ## the quick tests, no engine: style, types, unit tests
	@setup/lint.sh
	@.venv/bin/pytest -q voiplab tests/unit

.PHONY: bench
bench: setup browser ## measure, and write benchmarks/latest.json
	@setup/with-engine.sh setup/bench.sh

.PHONY: course
course: environment ## bring headers, navigation, the course's map, its sources and the labs' copies up to date
	@.venv/bin/python setup/course.py
	@.venv/bin/python setup/labs.py

.PHONY: notebooks
notebooks: setup course ## run every notebook, save what it shows and the recordings that stand in for a lab
	@setup/with-engine.sh .venv/bin/python setup/notebooks.py notebooks/*.ipynb labs/*/solution.ipynb

.PHONY: site
site: environment ## the course as a site to read, in build/site; nothing is executed
	@setup/site.sh

.PHONY: slides
slides: environment ## each chapter as slides for the teacher, in build/slides
	@.venv/bin/python setup/slides.py

.PHONY: setup
setup: environment engine images ## do all the set-up: the three targets that follow

.PHONY: environment
environment: ## Python packages in .venv, in the versions of requirements.lock
	@setup/environment.sh

.PHONY: engine
engine: environment ## a container engine that answers; ENGINE=manual to do that by hand
	@setup/engine.sh

.PHONY: images
images: engine ## build the container images that are missing
	@setup/with-engine.sh setup/images.sh

.PHONY: browser
browser: environment ## a browser for the tests: Chromium
	@setup/browser.sh

.PHONY: web
web: ## build the phone in the browser from web/, and the slides' script (takes Node.js)
	@setup/web.sh

.PHONY: format
format: environment ## bring the code into its style
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

.PHONY: lock
lock: ## write requirements.lock anew from pyproject.toml
	@setup/lock.sh

.PHONY: clean
clean: ## remove what labs left on the engine; the evidence in runs/ stays
	@setup/clean.sh

.PHONY: distclean
distclean: clean ## clean, and remove .venv and all caches; images and runs/ stay
	rm -rf .venv .setup build web/node_modules slides/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
