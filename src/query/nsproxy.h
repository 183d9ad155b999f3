/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Labels for nsproxies, which have no names; their addresses are the kernel's secret. */
#ifndef NSCTL_QUERY_NSPROXY_H
#define NSCTL_QUERY_NSPROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The size of a label or an address. */
#define NSPROXY_LABEL_SIZE 24

struct nsproxy_labels {
	uint64_t key; /* of this boot; 0: it could not be read */
};

void nsproxy_labels_start(struct nsproxy_labels *labels);

/*
 * Stores ten hexadecimal digits: the same for every caller, as long as the
 * nsproxy lives.  Nobody learns an address from it without the id of the boot.
 * Returns false if that id cannot be read: then there are no labels.
 */
bool nsproxy_label(const struct nsproxy_labels *labels, uint64_t address, char *label, size_t size);

/*
 * Checks whether the caller may see addresses of the kernel: kernel.kptr_restrict
 * is 0 or, with CAP_SYSLOG, 1; see proc_sys_kernel(5).  Returns 0 or -EPERM
 * with err.
 */
int nsproxy_check_addresses(struct error *err);

#endif
