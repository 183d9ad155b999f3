/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Trying the kernel's interfaces; only query/features uses it. */
#ifndef NSCTL_QUERY_FEATURES_PROBE_H
#define NSCTL_QUERY_FEATURES_PROBE_H

#include "query/features.h"

/* Turns the result of a call, or a negative errno, into the answer for its feature. */
struct feature_answer probe_answer(int ret);

/* Fill the answers about system calls and ioctls; about new namespaces; and about BPF. */
void probe_calls(struct features *features);
void probe_new(struct features *features);
void probe_bpf(struct features *features);

#endif
