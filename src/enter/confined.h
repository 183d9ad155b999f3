/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that runs as the container's own do: the parts that decide its settings. */
#ifndef NSCTL_ENTER_CONFINED_H
#define NSCTL_ENTER_CONFINED_H

#include "enter/part.h"

/* Reads plan->settings: from the OCI configuration where there is one, else from the process. */
plan_fn confined_settings_plan;

/* The root of the process; the working directory of the settings, or the one asked for. */
plan_fn confined_directories_plan;

/*
 * User and groups: those of the settings; or a user that was asked for, with the
 * group and the groups that the files of the container give it.
 */
plan_fn confined_user_plan;

/* The environment of the settings, HOME, the variables asked for. */
plan_fn confined_environment_plan;

/* As the last part: whether the process still has what was read of it first.  -EAGAIN where it has not. */
plan_fn confined_confirm;

#endif
