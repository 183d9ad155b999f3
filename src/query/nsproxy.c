/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/nsproxy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "proc/capabilities.h"

#define BOOT_ID_PATH "/proc/sys/kernel/random/boot_id"
#define KPTR_RESTRICT_PATH "/proc/sys/kernel/kptr_restrict"

/* FNV-1a, and MurmurHash3's finalizer, so that neighbours differ much. */
static uint64_t mix(uint64_t hash)
{
	hash = (hash ^ hash >> 33) * 0xFF51AFD7ED558CCDU;
	hash = (hash ^ hash >> 33) * 0xC4CEB9FE1A85EC53U;
	return hash ^ hash >> 33;
}

void nsproxy_labels_start(struct nsproxy_labels *labels)
{
	char id[64] = "";

	labels->key = 0;
	if (file_read_at(AT_FDCWD, BOOT_ID_PATH, id, sizeof(id)) <= 0)
		return;
	labels->key = 0xCBF29CE484222325U;
	for (const char *at = id; *at; at++)
		labels->key = (labels->key ^ (unsigned char)*at) * 0x100000001B3U;
}

bool nsproxy_label(const struct nsproxy_labels *labels, uint64_t address, char *label, size_t size)
{
	snprintf(label, size, "%010jx", (uintmax_t)(mix(mix(address) ^ labels->key) >> 24));
	return labels->key != 0;
}

int nsproxy_check_addresses(struct error *err)
{
	char text[16];
	long level = 2;

	if (file_read_at(AT_FDCWD, KPTR_RESTRICT_PATH, text, sizeof(text)) > 0)
		level = strtol(text, NULL, 10);
	if (level == 0 || (level == 1 && capabilities_have(1ULL << CAP_SYSLOG)))
		return 0;
	error_set(err, EPERM, "the kernel does not show its addresses: kernel.kptr_restrict is %ld", level);
	return error_hint(err,
			  level == 1 ? "it requires CAP_SYSLOG" : "without --addresses there are labels");
}
