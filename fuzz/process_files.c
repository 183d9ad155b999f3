/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of /proc/PID may hold. */
#include "input.h"
#include "proc/privileges.h"
#include "proc/process.h"
#include "proc/status.h"

static void parse_map(const char *text)
{
	static struct id_map map; /* too large for the stack of a fuzzer */
	uint32_t inside;
	uint32_t outside;

	if (id_map_parse(text, &map) < 0)
		return;
	if (map.count > ID_MAP_MAX)
		abort();
	for (size_t i = 0; i < map.count; i++) {
		if (map.ranges[i].count == 0)
			continue;
		if (!id_map_to_outside(&map, map.ranges[i].inside, &outside) ||
		    !id_map_to_inside(&map, map.ranges[i].outside, &inside))
			abort();
	}
}

static void check_status(const char *text)
{
	struct process_status status;
	struct privileges privileges;
	uint64_t mask;

	if (process_parse_status(text, &status) == 0 &&
	    (status.nspid_count > STATUS_NSPID_MAX || status.state == '\0' || status.state == '\n' ||
	     status.tgid < 0 || status.ppid < 0 || (status.group_count > 0) != (status.groups != NULL)))
		abort();
	process_status_free(&status);
	if (privileges_parse(text, &privileges) == 0 &&
	    (!process_parse_mask(text, "CapBnd", &mask) || mask != privileges.bounding))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	struct process_stat stat;
	enum ns_type type;
	ino_t ino;

	if (process_parse_link(text, &type, &ino) && (type >= NS_TYPE_COUNT || ino == 0))
		abort();
	if (process_parse_stat(text, &stat) == 0 && stat.state == '\0')
		abort();
	check_status(text);
	parse_map(text);
	free(text);
	return 0;
}
