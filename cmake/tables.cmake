# SPDX-License-Identifier: Apache-2.0
# Data -> C at build time: capabilities/*.tsv and rules/*.yaml. Generated C is built, never committed.
set(TW_TABLES_SRC "")
