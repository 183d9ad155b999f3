/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of nsctl new and unshare for the user namespace: each notes its value in struct new_options. */
#ifndef NSCTL_CMD_NEW_MAP_OPTIONS_H
#define NSCTL_CMD_NEW_MAP_OPTIONS_H

#include "base/error.h"

/* For command_option.take; new_map_take_range for take_numbered, with an enum id_kind. */
int new_map_take_root(void *data, const char *value, struct error *err);
int new_map_take_current(void *data, const char *value, struct error *err);
int new_map_take_user(void *data, const char *value, struct error *err);
int new_map_take_group(void *data, const char *value, struct error *err);
int new_map_take_range(void *data, int kind, const char *value, struct error *err);
int new_map_take_auto(void *data, const char *value, struct error *err);
int new_map_take_subids(void *data, const char *value, struct error *err);
int new_map_take_owner(void *data, const char *value, struct error *err);
int new_map_take_setgroups(void *data, const char *value, struct error *err);

#endif
