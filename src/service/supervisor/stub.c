/* SPDX-License-Identifier: Apache-2.0 */
extern const int tw_service_stub;
const int tw_service_stub = 0;
