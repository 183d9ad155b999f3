/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of nsctl: out of reach for what runs inside (CVE-2019-5736). */
#ifndef NSCTL_ENTER_BINARY_H
#define NSCTL_ENTER_BINARY_H

#include "enter/part.h"
#include "proc/exe_file.h"

/* Only if the program comes from another tree than the caller's: it may be anything there. */
plan_fn binary_plan;

/* The first before the join, the second after it: see exe_file_replace(). */
apply_fn binary_hide;
apply_fn binary_hide_inside;

#endif
