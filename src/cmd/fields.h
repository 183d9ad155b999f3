/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines and JSON values that descriptions of processes and of namespaces share. */
#ifndef NSCTL_CMD_FIELDS_H
#define NSCTL_CMD_FIELDS_H

#include "proc/status.h"
#include "table/json.h"

/* Prints one line, "  key  value", the values in a column of their own. */
void field_print(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same of an id map: "0 100000 65536", ranges separated by commas. */
void field_print_map(const char *key, const struct id_map *map, int reason);

/* [{"inside": 0, "outside": 100000, "count": 65536}]; null where there is a reason. */
void field_write_map(struct json *json, const char *key, const struct id_map *map, int reason);

#endif
