# SPDX-License-Identifier: Apache-2.0
# The two commands a newcomer needs are `make run` and `make test`; the rest is listed by `make help`.
.PHONY: help
help:
	@echo "make run | make test"
