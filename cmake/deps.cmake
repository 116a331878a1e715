# SPDX-License-Identifier: Apache-2.0
# Debian 12 packages only (tools/deps.txt lists them).
find_package(PkgConfig REQUIRED)
find_package(Python3 REQUIRED COMPONENTS Interpreter)
pkg_check_modules(TW_ENGINE_DEPS REQUIRED IMPORTED_TARGET zlib libisal liblzma libzstd libbrotlidec libcrypto
  libpcre2-8 yaml-0.1)
find_library(TW_DEFLATE deflate REQUIRED)
find_library(TW_BZ2 bz2 REQUIRED)
pkg_check_modules(TW_SERVICE_DEPS REQUIRED IMPORTED_TARGET sqlite3 libseccomp)
pkg_check_modules(TW_NET_DEPS REQUIRED IMPORTED_TARGET libcurl libcrypto)
set(TW_ENGINE_LIBS PkgConfig::TW_ENGINE_DEPS ${TW_DEFLATE} ${TW_BZ2})
pkg_check_modules(TW_YARA IMPORTED_TARGET yara) # optional: --yara
