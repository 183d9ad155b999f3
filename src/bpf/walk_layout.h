/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where in the kernel's structures the walks find what they follow. */
#ifndef NSCTL_BPF_WALK_LAYOUT_H
#define NSCTL_BPF_WALK_LAYOUT_H

#include "bpf/btf.h"
#include "bpf/walk.h"

/* Fills all of layout from the offsets of this kernel; WALK_MISSING for fields that it does not have. */
void walk_layout_fill(const struct kernel_types *types, struct walk_layout *layout);

#endif
