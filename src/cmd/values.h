/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values of options that several commands have. */
#ifndef NSCTL_CMD_VALUES_H
#define NSCTL_CMD_VALUES_H

#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* All return 0, or -EINVAL with err. */

/* "KILL", "sigkill", "RTMIN+3" or "9". */
int value_parse_signal(const char *text, int *signal, struct error *err);

/* "90", "90s", "15m", "2h" or "1d", in seconds; not 0. */
int value_parse_duration(const char *text, unsigned int *seconds, struct error *err);

/* An id, or a name in the caller's /etc/passwd or /etc/group. */
int value_parse_user(const char *text, uid_t *uid, struct error *err);
int value_parse_group(const char *text, gid_t *gid, struct error *err);

/* A descriptor that the caller has open for this: O_RDONLY or O_WRONLY. */
int value_parse_descriptor(const char *text, int access, int *fd, struct error *err);

/* A whole number with a sign or without. */
int value_parse_signed(const char *text, int64_t *number, struct error *err);

#endif
