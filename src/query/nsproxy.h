/* What to call an nsproxy, which has no name, and whose address is the kernel's secret. */
#ifndef NSCTL_QUERY_NSPROXY_H
#define NSCTL_QUERY_NSPROXY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Holds a label, or an address. */
#define NSPROXY_LABEL_SIZE 24

struct nsproxy_labels {
	uint64_t key; /* of this boot */
};

void nsproxy_labels_start(struct nsproxy_labels *labels);

/*
 * Eight hexadecimal digits: the same as long as the nsproxy lives, whoever
 * asks, and no help in finding the address, as nobody who sees it elsewhere
 * knows the id of the boot.
 */
void nsproxy_label(const struct nsproxy_labels *labels, uint64_t address, char *label, size_t size);

/*
 * Whether the kernel would show the caller its addresses: kernel.kptr_restrict
 * is 0 or, with CAP_SYSLOG, 1; see proc_sys_kernel(5).  Returns 0 or -EPERM
 * with err.
 */
int nsproxy_check_addresses(struct error *err);

#endif
