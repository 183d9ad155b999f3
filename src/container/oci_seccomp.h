/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The seccomp filter of an OCI configuration, compiled. */
#ifndef NSCTL_CONTAINER_OCI_SECCOMP_H
#define NSCTL_CONTAINER_OCI_SECCOMP_H

#include "container/oci_json.h"
#include "proc/settings.h"

/*
 * Compiles linux.seccomp, as runc does, into the only filter of settings.  System calls
 * that are not known are left out of rules that allow them, as by runc: the filter is
 * only stricter.  Elsewhere they are missing.  Returns 0 or a negative errno.
 */
int oci_read_seccomp(const struct oci_node *seccomp, struct settings *settings, struct missing *missing,
		     struct error *err);

#endif
