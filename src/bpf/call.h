/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bpf(2), and the maps that programs share with nsctl. */
#ifndef NSCTL_BPF_CALL_H
#define NSCTL_BPF_CALL_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

/* Calls bpf(2).  Returns what it does, or a negative errno. */
int bpf_call(enum bpf_cmd command, union bpf_attr *attr);

/*
 * Creates an array of count values, all zero.  is_mapped: for mmap(2) (Linux
 * 5.5).  Returns a descriptor or a negative errno.
 */
int bpf_create_array(size_t value_size, size_t count, bool is_mapped);

/* Sets the first value of an array.  Returns 0 or a negative errno. */
int bpf_set_value(int map_fd, const void *value);

#endif
