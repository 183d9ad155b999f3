/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/privileges.h"

#include <errno.h>

#include "base/cleanup.h"
#include "proc/status.h"

int privileges_parse(const char *text, struct privileges *privileges)
{
	uint64_t no_new_privs;

	if (!process_parse_mask(text, "CapBnd", &privileges->bounding) ||
	    !process_parse_mask(text, "CapPrm", &privileges->permitted) ||
	    !process_parse_mask(text, "CapInh", &privileges->inheritable) ||
	    !process_parse_mask(text, "CapAmb", &privileges->ambient) ||
	    !process_parse_mask(text, "NoNewPrivs", &no_new_privs))
		return -EPROTO;
	privileges->no_new_privs = no_new_privs != 0;
	return 0;
}

int privileges_read(const struct process *process, struct privileges *privileges)
{
	AUTO_FREE char *text = NULL;
	int ret = process_load_status(process->dir_fd, "status", &text);

	return ret < 0 ? ret : privileges_parse(text, privileges);
}
