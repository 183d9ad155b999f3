/* What to call an nsproxy, which has no name, and whose address is the kernel's secret. */
#ifndef NSCTL_QUERY_NSPROXY_H
#define NSCTL_QUERY_NSPROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Holds a label, or an address. */
#define NSPROXY_LABEL_SIZE 24

struct nsproxy_labels {
	uint64_t key; /* of this boot; 0: it could not be read */
};

void nsproxy_labels_start(struct nsproxy_labels *labels);

/*
 * Ten hexadecimal digits: the same as long as the nsproxy lives, whoever asks.
 * Who knows neither the kernel's addresses nor the id of the boot, as one who
 * is shown the output elsewhere, learns no address from it.  False where the
 * id of the boot cannot be read: then there are no labels.
 */
bool nsproxy_label(const struct nsproxy_labels *labels, uint64_t address, char *label, size_t size);

/*
 * Whether the caller may see addresses of the kernel: kernel.kptr_restrict
 * is 0 or, with CAP_SYSLOG, 1; see proc_sys_kernel(5).  Returns 0 or -EPERM
 * with err.
 */
int nsproxy_check_addresses(struct error *err);

#endif
