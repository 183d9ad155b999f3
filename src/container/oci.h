/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OCI configuration of a container, config.json: how its programs are to run. */
#ifndef NSCTL_CONTAINER_OCI_H
#define NSCTL_CONTAINER_OCI_H

#include "proc/settings.h"

/*
 * The largest file that is read.  With Docker's seccomp profile it has about 30 kB; libjansson
 * makes dozens of bytes of each byte.
 */
#define OCI_CONFIG_LIMIT ((size_t)1 << 20)

/*
 * Reads the settings from config.json, open for reading: the file may be hostile, as a
 * container of an ordinary user has one of his own.  A value of the wrong type, or
 * beyond its range, is an error (-EPROTO).  A name that is not known, of a capability or
 * an action, is missing.  Compiles the seccomp filter.  Fields that config.md does not know
 * are ignored, as it demands.  settings is freed by settings_free(), also after an error.
 * Returns 0 or a negative errno.
 *
 * The words are those of the OCI runtime specification 1.2, config.md and config-linux.md.
 */
int settings_read_oci(int config_fd, struct missing *missing, struct settings *settings, struct error *err);

/*
 * Reads its environment alone, "process.env".  As settings_read_oci() otherwise.
 */
int settings_read_oci_variables(int config_fd, struct settings *settings, struct error *err);

#endif
