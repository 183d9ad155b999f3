/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of docker exec, sudo or chroot that nsctl enter has, too, but for something else. */
#ifndef NSCTL_CMD_ENTER_HABITS_H
#define NSCTL_CMD_ENTER_HABITS_H

#include "cmd/enter_options.h"

/*
 * Whether the options, and the words behind them, can only have been meant in
 * another program's way, as -it, --user 1000, --net=host or -w /tmp: they would
 * fail without a reason, or mean another process.  Returns 0; or -EINVAL, and
 * err says how to write it.
 */
int enter_check_habits(const struct enter_options *options, char **words, struct error *err);

#endif
